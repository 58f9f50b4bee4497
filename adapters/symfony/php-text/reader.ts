import { corrupt } from "sessionwire/backend";
import { Cursor } from "./cursor.ts";
import { foreignOrigin } from "./foreign-bytes.ts";
import type { PhpEntry, PhpString } from "./nodes.ts";
import { ReadSession, ReadValueText } from "./read-text.ts";
import type { PhpSerializer, PhpSession, PhpValueText } from "./session.ts";
import { ValueReader } from "./value-reader.ts";

const BAR = 0x7c;

/**
 * Reads a session as PHP would.
 *
 * @throws SessionError with code `corrupt` for bytes that PHP rejects, and for some that it accepts: with
 * `php_serialize`, a value that is not an array; and references in a session that has two members with the same key.
 */
export function readSession(bytes: Uint8Array, serializer: PhpSerializer): PhpSession {
  try {
    return read(bytes, serializer);
  } catch (error) {
    const origin = foreignOrigin(bytes, serializer);
    throw origin === undefined ? error : corrupt(origin);
  }
}

/** Reads the text of `serialize()`. Like `unserialize()`, it ignores what follows the value. */
export function readValue(bytes: Uint8Array): PhpValueText {
  const reader = new ValueReader(new Cursor(bytes));
  return new ReadValueText(reader, reader.read());
}

function read(bytes: Uint8Array, serializer: PhpSerializer): PhpSession {
  const cursor = new Cursor(bytes);
  const reader = new ValueReader(cursor);
  if (serializer === "php_serialize") return readArray(cursor, reader);
  const readName = serializer === "php" ? readNameBeforeBar : readCountedName;
  const entries: PhpEntry[] = [];
  while (!cursor.isAtEnd) {
    const start = cursor.at;
    entries.push({ key: readName(cursor), value: reader.read(), start });
  }
  return new ReadSession(reader, serializer, entries);
}

function readNameBeforeBar(cursor: Cursor): PhpString {
  const bar = cursor.bytes.indexOf(BAR, cursor.at);
  if (bar < 0) throw cursor.malformed();
  const name = cursor.string(bar - cursor.at);
  cursor.expect(BAR);
  return name;
}

/** The highest bit of the length, which once marked an unset variable. */
function readCountedName(cursor: Cursor): PhpString {
  return cursor.string(cursor.next() & 0x7f);
}

/** Reads an array and ignores what follows it. Empty bytes are an empty session. */
function readArray(cursor: Cursor, reader: ValueReader): PhpSession {
  if (cursor.isAtEnd) return new ReadSession(reader, "php_serialize", []);
  const array = reader.read();
  if (array.kind !== "array") throw corrupt("its PHP text is not an array");
  return new ReadSession(reader, "php_serialize", array.entries, array);
}
