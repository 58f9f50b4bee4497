import { checkOptionNames } from "../backend/checks.ts";
import type { CookieReader } from "./cookie.ts";
import { checkCookieName, onlyId } from "./cookie-header.ts";
import { createSigner, type Secret } from "./signature.ts";

/**
 * The options of {@link expressCookie}: those that express-session was given.
 *
 * @public
 */
export interface ExpressCookieOptions {
  /**
   * The `name` of express-session.
   *
   * @defaultValue `"connect.sid"`
   */
  readonly name?: string | undefined;
  /** The `secret` of express-session, as a list: an id is taken that any of them has signed. */
  readonly secrets: readonly Secret[];
}

/**
 * Reads the cookie that express-session has set: `s:`, the id and its signature, percent-encoded.
 *
 * @remarks
 * Only express-session sets it. Where cookies of this name carry different ids, no id is returned; express-session takes the first.
 *
 * @throws `RangeError` or `TypeError` for an option that cannot be used.
 *
 * @public
 */
export function expressCookie(options: ExpressCookieOptions): CookieReader {
  checkOptionNames("expressCookie", options, ["name", "secrets"]);
  const { name = "connect.sid", secrets } = options;
  checkCookieName(name);
  const signer = createSigner(secrets);
  return {
    name,
    parse: (header) =>
      onlyId(name, header, async (value) => {
        const text = decode(value);
        return text.startsWith("s:") ? signer.unsign(text.slice(2)) : undefined;
      }),
  };
}

/** What is encoded in a wrong way is taken as it is, as express-session does; no signature will fit. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
