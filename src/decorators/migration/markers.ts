import { encoder } from "../../utf8.ts";

/** Precedes the bytes of a session that is being moved to the other store. */
const MOVE_MARKER: Uint8Array = /* @__PURE__ */ marker("moving");
/** Replaces a session that has ended, for as long as a late process could move it again. */
export const TOMBSTONE: Uint8Array = /* @__PURE__ */ marker("ended");

/** Makes a marker that begins with a NUL, as no format does. */
function marker(what: string): Uint8Array {
  return encoder.encode(`\0sessionwire ${what} 1\n`);
}

export function isTombstone(data: Uint8Array): boolean {
  return beginsWith(data, TOMBSTONE);
}

export function hasMoveMarker(data: Uint8Array): boolean {
  return beginsWith(data, MOVE_MARKER);
}

export function withMoveMarker(data: Uint8Array): Uint8Array {
  const marked = new Uint8Array(MOVE_MARKER.length + data.length);
  marked.set(MOVE_MARKER);
  marked.set(data, MOVE_MARKER.length);
  return marked;
}

/** Returns the bytes of the session, whether or not it is being moved. */
export function withoutMoveMarker(data: Uint8Array): Uint8Array {
  return hasMoveMarker(data) ? data.slice(MOVE_MARKER.length) : data;
}

function beginsWith(data: Uint8Array, beginning: Uint8Array): boolean {
  return data.length >= beginning.length && beginning.every((byte, index) => data[index] === byte);
}
