// The declarations of crossws name two types of the DOM that those of Node.js do not have. This file is not published.

interface AddEventListenerOptions {
  readonly once?: boolean;
}

type MessagePort = EventTarget;
