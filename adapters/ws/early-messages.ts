import type { RawData, WebSocket } from "ws";

/** More are left to the kernel: the socket is paused until somebody listens. */
const MAX_MESSAGES = 64;
const MAX_BYTES = 1_048_576;

/**
 * Keeps the messages of a socket until the application listens to them: a listener that is added after an `await` would miss what
 * came before, and so would one that takes a single message, again and again: ws hands out several in one turn. Whoever never listens
 * gets none, and the socket goes on: what is kept is dropped by the function that is returned.
 */
export function keepEarlyMessages(socket: WebSocket): () => void {
  const kept: [data: RawData, isBinary: boolean][] = [];
  let bytes = 0;
  let isReplaying = false;
  let hasPaused = false; // the application may pause it as well, and has its reasons
  const others = new Set(socket.rawListeners("message"));

  const keep = (data: RawData, isBinary: boolean) => {
    if (isReplaying) return;
    // A listener may have been added just before this one came: it gets those before first, and then this one without us.
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
      // Somebody who waits for one message takes one.
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
    if (event === "message") queueMicrotask(replay); // it is about to be added
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

/** Not for one message only; `once` wraps a listener. https://nodejs.org/api/events.html#emitterrawlistenerseventname */
function isLasting(listener: object): boolean {
  return !("listener" in listener);
}

function sizeOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.byteLength, 0) : data.byteLength;
}
