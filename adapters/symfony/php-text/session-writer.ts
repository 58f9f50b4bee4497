import { ByteSink, bytesOf } from "./byte-sink.ts";
import { NOWHERE, type PhpString } from "./nodes.ts";
import type { PhpSession, PhpSessionEntry } from "./session.ts";
import { type NodeWriter, writeValue } from "./writer.ts";

const BAR = 0x7c;
const MAX_COUNTED_NAME = 127;

/** The bytes of a session as PHP writes them. `writesItself` is asked for each value from the outside in. */
export function encodeSession(
  { serializer, entries }: Pick<PhpSession, "serializer" | "entries">,
  writesItself?: NodeWriter,
): Uint8Array {
  const sink = new ByteSink();
  if (serializer === "php_serialize") {
    const members = entries.map(({ name, value }) => ({ key: name, value, start: 0 }));
    writeValue({ kind: "array", entries: members, ...NOWHERE }, sink, writesItself);
  } else {
    const writeName = serializer === "php" ? writeBeforeBar : writeCounted;
    for (const { name, value } of entries) {
      writeName(nameOf(name), sink);
      writeValue(value, sink, writesItself);
    }
  }
  return sink.take();
}

function nameOf(name: PhpSessionEntry["name"]): PhpString {
  if (typeof name === "string" || name instanceof Uint8Array) return name;
  throw new TypeError("With this serializer, PHP keeps no member of a session that has an integer as its name.");
}

function writeBeforeBar(name: PhpString, sink: ByteSink): void {
  const bytes = bytesOf(name);
  if (bytes.includes(BAR)) throw new TypeError('With the serializer "php", a name must not contain "|".');
  sink.bytes(bytes);
  sink.byte(BAR);
}

function writeCounted(name: PhpString, sink: ByteSink): void {
  const bytes = bytesOf(name);
  if (bytes.length > MAX_COUNTED_NAME) {
    throw new TypeError(`With the serializer "php_binary", a name has at most ${MAX_COUNTED_NAME} bytes.`);
  }
  sink.byte(bytes.length);
  sink.bytes(bytes);
}
