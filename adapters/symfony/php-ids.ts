/** Matches the ids that PHP creates, for any `session.sid_length` and `session.sid_bits_per_character`. */
const phpSessionId = /^[A-Za-z0-9,-]{22,256}$/;

/** Checks if a string has the shape of a PHP session id. */
export function isPhpId(id: string): boolean {
  return phpSessionId.test(id);
}

/** Creates an id like those of PHP with 32 characters of 5 bits each, 160 random bits in all. */
export function createPhpId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** The 32 characters that encode 5 bits. */
const ALPHABET = "0123456789abcdefghijklmnopqrstuv";
