import { ByteSink, bytesOf } from "./byte-sink.ts";
import { NOWHERE, type PhpKey } from "./nodes.ts";
import type { PhpSerializer, PhpSession } from "./session.ts";
import { type NodeWriter, writeKey, writeValue } from "./writer.ts";

const BAR = 0x7c;
const MAX_COUNTED_NAME = 127;

/** Returns the bytes of a session as PHP writes them. `writesItself` is called for each value, outermost first. */
export function encodeSession(
  { serializer, entries }: Pick<PhpSession, "serializer" | "entries">,
  writesItself?: NodeWriter,
): Uint8Array {
  const sink = new ByteSink();
  if (serializer === "php_serialize") {
    writeValue({ kind: "array", entries, ...NOWHERE }, sink, writesItself);
  } else {
    for (const { key, value } of entries) {
      writeName(key, serializer, sink);
      writeValue(value, sink, writesItself);
    }
  }
  return sink.take();
}

/** Writes the name of a member of a session. Throws a `TypeError` for a name that PHP cannot store. */
export function writeName(name: PhpKey, serializer: PhpSerializer, sink: ByteSink): void {
  if (serializer === "php_serialize") {
    writeKey(name, true, sink);
    return;
  }
  const bytes = checkedName(name, serializer);
  if (serializer === "php_binary") sink.byte(bytes.length);
  sink.bytes(bytes);
  if (serializer === "php") sink.byte(BAR);
}

function checkedName(name: PhpKey, serializer: PhpSerializer): Uint8Array {
  if (typeof name === "number" || typeof name === "bigint") {
    throw new TypeError("With this serializer, PHP keeps no member of a session that has an integer as its name.");
  }
  const bytes = bytesOf(name);
  if (serializer === "php" && bytes.includes(BAR)) {
    throw new TypeError('With the serializer "php", a name must not contain "|".');
  }
  if (serializer === "php_binary" && bytes.length > MAX_COUNTED_NAME) {
    throw new TypeError(`With the serializer "php_binary", a name has at most ${MAX_COUNTED_NAME} bytes.`);
  }
  return bytes;
}
