/** What stands for a session that is on its way to the other store, before its bytes. */
const moving: Uint8Array = mark("moving");
/** What stands for a session that has ended, for as long as somebody could still bring it along. */
export const ended: Uint8Array = mark("ended");

/** No format begins with a NUL. */
function mark(what: string): Uint8Array {
  return new TextEncoder().encode(`\0sessionwire ${what} 1\n`);
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

/** The bytes of the session, be it on its way or not. */
export function bytesOf(data: Uint8Array): Uint8Array {
  return isMoving(data) ? data.slice(moving.length) : data;
}

function beginsWith(data: Uint8Array, beginning: Uint8Array): boolean {
  return data.length >= beginning.length && beginning.every((byte, place) => data[place] === byte);
}
