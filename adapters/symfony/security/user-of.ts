import type { Json } from "sessionwire";
import { isPhpValue } from "../values/php-value.ts";
import { unreadable } from "./unreadable.ts";

/** The properties that usually contain what `getUserIdentifier()` returns. */
const usualProperties = ["userIdentifier", "username", "email"];

/** Returns the identifier and the class of a user, which is an object or, in older tokens, only the identifier. */
export function userOf(
  user: Json | undefined,
  property: string | undefined,
): { readonly userIdentifier: string; readonly userClass: string | undefined } {
  if (typeof user === "string") return { userIdentifier: user, userClass: undefined };
  if (!isPhpValue(user) || user.className === undefined) throw unreadable();
  const candidates = property === undefined ? usualProperties : [property];
  for (const name of candidates) {
    const value = user.get(name);
    if (typeof value === "string") return { userIdentifier: value, userClass: user.className };
    if (typeof value === "number") return { userIdentifier: String(value), userClass: user.className };
  }
  throw new TypeError(
    `The user in the session has no text in ${candidates.join(", ")}: name the property by identifierProperty.`,
  );
}
