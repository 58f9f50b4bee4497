/** How many characters are made at once: more could be too many arguments for one call. */
const CHUNK = 8192;

/** Bytes as the characters of the same numbers: what can travel in JSON, and stays short where the bytes are ASCII. */
export function charactersOf(bytes: Uint8Array): string {
  let characters = "";
  for (let start = 0; start < bytes.byteLength; start += CHUNK) {
    characters += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return characters;
}

/** The bytes that stand for these characters; `undefined` if there is one among them that stands for none. */
export function bytesOf(characters: string): Uint8Array | undefined {
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < characters.length; index += 1) {
    const code = characters.charCodeAt(index);
    if (code > 0xff) return undefined;
    bytes[index] = code;
  }
  return bytes;
}
