import type { PhpSerializer } from "./session.ts";

/** Describes the origin of bytes that are not a session, if their first bytes reveal it. */
export function foreignOrigin(bytes: Uint8Array, serializer: PhpSerializer): string | undefined {
  const [first = 0, second = 0] = bytes;
  if (startsWith(bytes, [0, 0, 0, 1]) || startsWith(bytes, [0, 0, 0, 2])) return unread("was written by igbinary");
  if (isMessagePack(first, second, bytes)) return unread("was written by msgpack");
  if (startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])) return unread("is compressed by zstd");
  const start = String.fromCharCode(...bytes.subarray(0, 40));
  if (start.startsWith('"')) return unread("is a JSON string, as OPT_SERIALIZER of phpredis makes it");
  if (/^s:\d+:"/.test(start)) return unread("is a serialized string, as OPT_SERIALIZER of phpredis makes it");
  const other = serializerOf(first, start);
  return other === undefined || other === serializer ? undefined : `it was written by the serializer "${other}"`;
}

/** Returns the serializer that seems to have written a session. It only appears in errors. */
function serializerOf(first: number, start: string): PhpSerializer | undefined {
  if (/^a:\d+:\{/.test(start)) return "php_serialize";
  const isName = /^_sf2_|^[A-Za-z_]\w*[abdisCENO][:;]/.test(start.slice(1));
  if (first < 0x20 && isName) return "php_binary";
  return /^[A-Za-z_]\w*\|/.test(start) ? "php" : undefined;
}

/** Checks for a map whose first key is nil, the mark of sessions and arrays of php-msgpack. */
function isMessagePack(first: number, second: number, bytes: Uint8Array): boolean {
  const nil = 0xc0;
  if (first >= 0x81 && first <= 0x8f) return second === nil;
  return (first === 0xde && bytes[3] === nil) || (first === 0xdf && bytes[5] === nil);
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

function unread(origin: string): string {
  return `it ${origin}, which it does not read`;
}
