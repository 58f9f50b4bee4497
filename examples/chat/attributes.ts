/** What is in a session of the chat. A name each for what HTTP and sockets write, so that neither undoes the other. */
export interface ChatAttributes {
  readonly "chat.name": string;
  /** Tells people apart who have the same name. Everybody may see it, and it leads nobody to the session. */
  readonly "chat.person": string;
  /** The same in all sessions of one user. */
  readonly "chat.user": string;
  /** The browser in which the session was begun, for its user. */
  readonly "chat.browser": string;
  /** How many messages were sent, by all tabs together. */
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

/** A name that may be shown, or `undefined` when there is none in it. */
export function cleanName(value: unknown): string | undefined {
  return clean(value, maxNameLength, /[\p{Cc}\s]+/gu);
}

/** A message that may be shown, or `undefined` when there is none in it. Line breaks stay. */
export function cleanText(value: unknown): string | undefined {
  return clean(value, maxTextLength, /(?!\n)\p{Cc}+/gu);
}

function clean(value: unknown, maxLength: number, blanks: RegExp): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.replace(blanks, " ").trim();
  return text.length >= 1 && text.length <= maxLength && text.isWellFormed() ? text : undefined;
}
