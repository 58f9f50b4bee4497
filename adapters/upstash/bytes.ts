/** How many characters are made at once: more could be too many arguments for one call. */
const CHUNK = 8192;

/** The text that these bytes are in UTF-8; `undefined` if they are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes as the characters of the same numbers: what can travel in JSON. */
export function charactersOf(bytes: Uint8Array): string {
  let characters = "";
  for (let start = 0; start < bytes.byteLength; start += CHUNK) {
    characters += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return characters;
}

/**
 * The bytes in base64; `undefined` if it is none. All strings in an answer are in base64, but the word OK is as it is.
 * https://upstash.com/docs/redis/features/restapi#base64-encoded-responses
 */
export function bytesOf(base64: string): Uint8Array | undefined {
  const characters = base64 === "OK" ? base64 : charactersIn(base64);
  return characters === undefined ? undefined : bytesFrom(characters);
}

/** The numbers of characters up to 255. Those of ASCII are the same in UTF-8, which is made in a fifth of the time of the loop. */
function bytesFrom(characters: string): Uint8Array {
  const count = characters.length; // a `byteLength` in the loop would take three times as long
  const text = new TextEncoder().encode(characters);
  if (text.byteLength === count) return text;
  const bytes = new Uint8Array(count); // `Uint8Array.from` would take ten times as long
  for (let index = 0; index < count; index += 1) bytes[index] = characters.charCodeAt(index);
  return bytes;
}

function charactersIn(base64: string): string | undefined {
  try {
    return atob(base64);
  } catch {
    return undefined;
  }
}
