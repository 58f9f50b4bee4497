import { corrupt } from "sessionwire/backend";
import { Cursor } from "./cursor.ts";
import { foreignOrigin } from "./foreign-bytes.ts";
import { checkReferences } from "./references.ts";
import type { PhpSerializer, PhpSession, PhpSessionEntry, PhpText, PhpValueText } from "./session.ts";
import { ValueReader } from "./value-reader.ts";

const BAR = 0x7c;

/**
 * Reads a session as PHP would.
 *
 * @throws SessionError with code `corrupt` for what PHP rejects, and for what it accepts although it is no session: with
 * `php_serialize`, a value that is not an array; references beside two members with the same key.
 */
export function readSession(bytes: Uint8Array, serializer: PhpSerializer): PhpSession {
  try {
    return read(bytes, serializer);
  } catch (error) {
    const origin = foreignOrigin(bytes, serializer);
    throw origin === undefined ? error : corrupt(origin);
  }
}

/** Reads text of `serialize()`. What follows the value is ignored, as `unserialize()` does. */
export function readValue(bytes: Uint8Array): PhpValueText {
  const cursor = new Cursor(bytes);
  const reader = new ValueReader(cursor);
  const value = reader.read();
  return { ...checkedText(bytes, reader), value };
}

function read(bytes: Uint8Array, serializer: PhpSerializer): PhpSession {
  const cursor = new Cursor(bytes);
  const reader = new ValueReader(cursor);
  const entries = readers[serializer](cursor, reader);
  return { ...checkedText(bytes, reader), serializer, entries };
}

function checkedText(bytes: Uint8Array, { slots, references, firstSerializable }: ValueReader): PhpText {
  checkReferences(references, slots, firstSerializable);
  return { bytes, slots, references, firstSerializable };
}

const readers = { php: readNamed, php_binary: readCounted, php_serialize: readArray };

/** Reads `name|value` until nothing is left. */
function readNamed(cursor: Cursor, reader: ValueReader): PhpSessionEntry[] {
  const entries: PhpSessionEntry[] = [];
  while (!cursor.isAtEnd) {
    const start = cursor.at;
    const bar = cursor.bytes.indexOf(BAR, start);
    if (bar < 0) throw cursor.malformed();
    const name = cursor.string(bar - start);
    cursor.expect(BAR);
    entries.push({ name, value: reader.read(), start });
  }
  return entries;
}

/** Reads names with their lengths before them, each with a value, until nothing is left. */
function readCounted(cursor: Cursor, reader: ValueReader): PhpSessionEntry[] {
  const entries: PhpSessionEntry[] = [];
  while (!cursor.isAtEnd) {
    const start = cursor.at;
    const name = cursor.string(cursor.next() & 0x7f);
    entries.push({ name, value: reader.read(), start });
  }
  return entries;
}

/** Reads an array. What follows it is ignored, and nothing at all is an empty session. */
function readArray(cursor: Cursor, reader: ValueReader): PhpSessionEntry[] {
  if (cursor.isAtEnd) return [];
  const value = reader.read();
  if (value.kind !== "array") throw corrupt("its PHP text is not an array");
  return value.entries.map(({ key, value, start }) => ({ name: key, value, start }));
}
