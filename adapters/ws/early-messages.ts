import type { RawData, WebSocket } from "ws";

/** Maximum number of messages to keep. More stay in the kernel: the socket is paused until there is a listener. */
const MAX_MESSAGES = 64;
const MAX_BYTES = 1_048_576;

/**
 * Keeps the messages of a socket until the application listens for them. Otherwise, a listener added after an `await`
 * would miss earlier messages, as would repeated listeners for a single message, because ws delivers several in one
 * turn. If the application never listens, it receives none, and the socket goes on: the returned function drops the
 * kept messages.
 */
export function keepEarlyMessages(socket: WebSocket): () => void {
  const kept: [data: RawData, isBinary: boolean][] = [];
  let bytes = 0;
  let isReplaying = false;
  let hasPaused = false; // the application may also have paused it, for its own reasons
  const others = new Set(socket.rawListeners("message"));

  const keep = (data: RawData, isBinary: boolean) => {
    if (isReplaying) return;
    // A listener may have been added just before this message: it receives the earlier ones first, and then this one
    // directly from ws.
    if (hasListeners()) replay();
    if (kept.length === 0 && hasListeners()) return;
    kept.push([data, isBinary]);
    bytes += sizeOf(data);
    if (!isFull() || socket.isPaused) return;
    hasPaused = true;
    socket.pause();
  };
  const replay = () => {
    isReplaying = true;
    try {
      // A listener for one message takes only one.
      for (let next = kept[0]; next !== undefined && hasListeners(); next = kept[0]) {
        kept.shift();
        bytes -= sizeOf(next[0]);
        socket.emit("message", ...next);
      }
    } finally {
      isReplaying = false;
    }
    if (kept.length === 0 && listeners().some(isLasting)) stop();
    else if (!isFull()) goOn();
  };
  const onListener = (event: string | symbol) => {
    if (event === "message") queueMicrotask(replay); // the listener is about to be added
  };
  const listeners = () => socket.rawListeners("message").filter((each) => each !== keep && !others.has(each));
  const hasListeners = () => listeners().length > 0;
  const isFull = () => kept.length >= MAX_MESSAGES || bytes >= MAX_BYTES;
  const goOn = () => {
    if (hasPaused) socket.resume();
    hasPaused = false;
  };
  const stop = () => {
    kept.length = 0;
    socket.off("message", keep).off("newListener", onListener);
    goOn();
  };
  socket.on("message", keep).on("newListener", onListener);
  return stop;
}

/**
 * Returns true unless the listener is for one message only; `once` wraps a listener.
 * https://nodejs.org/api/events.html#emitterrawlistenerseventname
 */
function isLasting(listener: object): boolean {
  return !("listener" in listener);
}

function sizeOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.byteLength, 0) : data.byteLength;
}
