/**
 * The attributes of a chat session. HTTP and sockets write attributes of different names, so that neither overwrites
 * the other's.
 */
export interface ChatAttributes {
  readonly "chat.name": string;
  /** Distinguishes people with the same name. It is public, and leads nobody to the session. */
  readonly "chat.person": string;
  /** The same in all sessions of one user. */
  readonly "chat.user": string;
  /** The browser in which the session was begun, shown to its user. */
  readonly "chat.browser": string;
  /** The number of messages sent, by all tabs together. */
  readonly "chat.sent": number;
}

declare module "express-session" {
  interface SessionData {
    "chat.name"?: string;
    "chat.person"?: string;
    "chat.user"?: string;
    "chat.browser"?: string;
  }
}

export const maxNameLength = 40;
export const maxTextLength = 1000;

/** Returns a name that may be shown, or `undefined` if the value contains none. */
export function cleanName(value: unknown): string | undefined {
  return clean(value, maxNameLength, /[\p{Cc}\s]+/gu);
}

/** Returns a message that may be shown, or `undefined` if the value contains none. Line breaks are kept. */
export function cleanText(value: unknown): string | undefined {
  return clean(value, maxTextLength, /(?!\n)\p{Cc}+/gu);
}

function clean(value: unknown, maxLength: number, blanks: RegExp): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.replace(blanks, " ").trim();
  return text.length >= 1 && text.length <= maxLength && text.isWellFormed() ? text : undefined;
}
