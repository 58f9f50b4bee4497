/** A wish of a page: to say a text, or to be called by a name. */
export interface Wish {
  readonly type: "say" | "rename";
  readonly text: string;
}

const maxLengths: Readonly<Record<string, number>> = { say: 1000, rename: 40 };

/** Returns the wish in a message of a socket, or `undefined` if it is not one. */
export function readWish(message: string): Wish | undefined {
  try {
    const { type, text }: Record<string, unknown> = JSON.parse(message);
    if ((type !== "say" && type !== "rename") || typeof text !== "string") return undefined;
    const clean = text.replace(/\p{Cc}+/gu, " ").trim();
    return clean !== "" && clean.length <= (maxLengths[type] ?? 0) && clean.isWellFormed()
      ? { type, text: clean }
      : undefined;
  } catch {
    return undefined;
  }
}
