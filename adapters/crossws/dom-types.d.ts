// The type declarations of crossws name two DOM types that those of Node.js lack. This file is not published.

interface AddEventListenerOptions {
  readonly once?: boolean;
}

type MessagePort = EventTarget;
