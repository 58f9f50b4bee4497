/**
 * Reports that something has happened to a session, which is named by the hash of its key.
 *
 * - `created`: it was stored for the first time.
 * - `regenerated`: it continues under another key.
 * - `ended`: it was destroyed.
 *
 * `from` is the random name of the sending manager.
 *
 * @public
 */
export type SessionMessage =
  | { readonly type: "created" | "ended"; readonly keyHash: string; readonly from: string }
  | {
      readonly type: "regenerated";
      readonly keyHash: string;
      readonly previousKeyHash: string;
      readonly from: string;
    };

/** Maximum length of a text to parse: several times the length of a message. */
const MAX_LENGTH = 1024;

/**
 * Encodes a message as text, for channels that carry text.
 *
 * @public
 */
export function encodeMessage(message: SessionMessage): string {
  return JSON.stringify(message);
}

/**
 * Decodes a text from {@link encodeMessage}; `undefined` for any other text.
 *
 * @public
 */
export function decodeMessage(text: string): SessionMessage | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  try {
    return messageIn(JSON.parse(text));
  } catch {
    return undefined; // anyone may publish on a channel
  }
}

/** Returns the message with only its own members; `undefined` for any other value. */
export function messageIn(value: unknown): SessionMessage | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { type, keyHash, previousKeyHash, from } = value as Readonly<Record<string, unknown>>;
  if (!isHash(keyHash) || !isName(from)) return undefined;
  if (type === "created" || type === "ended") return { type, keyHash, from };
  if (type === "regenerated" && isHash(previousKeyHash)) return { type, keyHash, previousKeyHash, from };
  return undefined;
}

/** Checks for 256 bits in base64url. */
function isHash(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{43}$/.test(value);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{1,64}$/.test(value);
}
