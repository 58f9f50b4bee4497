/** Number of characters converted at once: more might be too many arguments for one call. */
const CHUNK = 8192;

/** Returns the text that these bytes encode in UTF-8; `undefined` if they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Returns each byte as the character with that code, which can travel in JSON. */
export function charactersOf(bytes: Uint8Array): string {
  let characters = "";
  for (let start = 0; start < bytes.byteLength; start += CHUNK) {
    characters += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return characters;
}

/**
 * Decodes base64; `undefined` if the text is not base64. All strings in an answer are base64, except the word OK.
 * https://upstash.com/docs/redis/features/restapi#base64-encoded-responses
 */
export function bytesOf(base64: string): Uint8Array | undefined {
  const characters = base64 === "OK" ? base64 : charactersIn(base64);
  return characters === undefined ? undefined : bytesFrom(characters);
}

/**
 * Returns the codes of characters up to 255. ASCII is the same in UTF-8, and encoding it takes a fifth of the time of
 * the loop.
 */
function bytesFrom(characters: string): Uint8Array {
  const count = characters.length; // reading `byteLength` in the loop would take three times as long
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
