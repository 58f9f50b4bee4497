import { checkOptionNames } from "../backend/checks.ts";
import type { CookieReader } from "./cookie.ts";
import { createCookieReader } from "./cookie-reader.ts";
import { createSigner, type Secret } from "./signature.ts";

/**
 * The options of {@link expressCookie}: those that express-session was given.
 *
 * @public
 */
export interface ExpressCookieOptions {
  /**
   * The `name` of express-session, or the `cookieName` of `@fastify/session`.
   *
   * @defaultValue `"connect.sid"`
   */
  readonly name?: string | undefined;
  /** The `secret` of express-session, as a list: ids signed by any of them are accepted. */
  readonly secrets: readonly Secret[];
}

/**
 * Reads the cookie of express-session: `s:`, the id and its signature, percent-encoded. Also reads the cookie of
 * `@fastify/session`, which has no `s:` unless its `cookiePrefix` adds it, and is named `sessionId` unless configured
 * otherwise.
 *
 * @remarks
 * Only these packages set the cookie. If cookies with this name carry different ids, no id is returned; express-session
 * takes the first.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function expressCookie(options: ExpressCookieOptions): CookieReader {
  checkOptionNames("expressCookie", options, ["name", "secrets"]);
  const { name = "connect.sid", secrets } = options;
  const signer = createSigner(secrets);
  return createCookieReader(name, async (text) => {
    const id = text.startsWith("s:") ? await signer.unsign(text.slice(2)) : undefined;
    return id ?? signer.unsign(text);
  });
}
