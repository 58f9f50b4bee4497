import type { RawData, WebSocket } from "ws";

/** More are left to the kernel: the socket is paused until somebody listens. */
const MAX_MESSAGES = 64;
const MAX_BYTES = 1_048_576;

/**
 * Keeps the messages of a socket until the application listens to them: a listener that is added after an `await` would miss what
 * came before. Whoever never listens gets none, and the socket goes on: what is kept is dropped by the function that is returned.
 */
export function keepEarlyMessages(socket: WebSocket): () => void {
  const kept: [data: RawData, isBinary: boolean][] = [];
  let bytes = 0;
  let isReplaying = false;
  const others = socket.listenerCount("message");

  const keep = (data: RawData, isBinary: boolean) => {
    if (isReplaying) return;
    // A listener may have been added just before this one came: it gets those before first, and then this one without us.
    if (hasListeners()) replay();
    if (kept.length === 0 && hasListeners()) return;
    kept.push([data, isBinary]);
    bytes += sizeOf(data);
    if (kept.length >= MAX_MESSAGES || bytes >= MAX_BYTES) socket.pause();
  };
  const replay = () => {
    isReplaying = true;
    try {
      // Somebody who waits for one message takes one.
      while (kept.length > 0 && hasListeners()) socket.emit("message", ...(kept.shift() as [RawData, boolean]));
    } finally {
      isReplaying = false;
    }
    if (kept.length === 0 && hasListeners()) stop();
  };
  const onListener = (event: string | symbol) => {
    if (event === "message") queueMicrotask(replay); // it is about to be added
  };
  const hasListeners = () => socket.listenerCount("message") > others + 1;
  const stop = () => {
    kept.length = 0;
    socket.off("message", keep).off("newListener", onListener);
    if (socket.isPaused) socket.resume();
  };
  socket.on("message", keep).on("newListener", onListener);
  return stop;
}

function sizeOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.byteLength, 0) : data.byteLength;
}
