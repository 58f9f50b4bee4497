import { encoder } from "../../utf8.ts";

/** Precedes the bytes of a session that is being moved to the other store. */
const moving: Uint8Array = /* @__PURE__ */ mark("moving");
/** Replaces a session that has ended, for as long as a late process could move it again. */
export const ended: Uint8Array = /* @__PURE__ */ mark("ended");

/** Makes a mark that begins with a NUL, as no format does. */
function mark(what: string): Uint8Array {
  return encoder.encode(`\0sessionwire ${what} 1\n`);
}

export function isEnded(data: Uint8Array): boolean {
  return beginsWith(data, ended);
}

export function isMoving(data: Uint8Array): boolean {
  return beginsWith(data, moving);
}

export function asMoving(data: Uint8Array): Uint8Array {
  const marked = new Uint8Array(moving.length + data.length);
  marked.set(moving);
  marked.set(data, moving.length);
  return marked;
}

/** Returns the bytes of the session, whether or not it is being moved. */
export function bytesOf(data: Uint8Array): Uint8Array {
  return isMoving(data) ? data.slice(moving.length) : data;
}

function beginsWith(data: Uint8Array, beginning: Uint8Array): boolean {
  return data.length >= beginning.length && beginning.every((byte, index) => data[index] === byte);
}
