import { checkOptionNames } from "../backend/checks.ts";
import type { CookieReader } from "./cookie.ts";
import { checkCookieName, idsIn, onlyOne } from "./cookie-header.ts";
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
  checkCookieName(name);
  const signer = createSigner(secrets);

  async function open(value: string): Promise<string | undefined> {
    const text = decode(value);
    const id = text.startsWith("s:") ? await signer.unsign(text.slice(2)) : undefined;
    return id ?? signer.unsign(text);
  }

  return {
    name,
    parse: async (header) => onlyOne(await idsIn(name, header, open)),
    parseAll: async (header) => idsIn(name, header, open),
  };
}

/** Returns an incorrectly encoded value unchanged, as express-session does; no signature will match. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
