/** Matches the ids that PHP creates, for any `session.sid_length` and `session.sid_bits_per_character`. */
export const phpSessionId: RegExp = /^[A-Za-z0-9,-]{22,256}$/;

/** Checks if a string has the shape of an id of PHP. */
export function isPhpId(id: string): boolean {
  return phpSessionId.test(id);
}

/** Returns an id as PHP creates it with 32 characters of 5 bits: 160 random bits. */
export function createPhpId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** As many characters as 5 bits can tell apart. */
const ALPHABET = "0123456789abcdefghijklmnopqrstuv";
