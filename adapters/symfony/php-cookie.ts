import type { CookieReader } from "sessionwire";
import { checkOptionNames, createCookieReader } from "sessionwire/backend";
import { phpSessionId } from "./php-ids.ts";

/**
 * The options of {@link phpCookie}.
 *
 * @public
 */
export interface PhpCookieOptions {
  /**
   * The `session.name` of PHP, or `framework.session.name` of Symfony.
   *
   * @defaultValue `"PHPSESSID"`
   */
  readonly name?: string | undefined;
}

/**
 * Reads the session cookie of PHP: the id, percent-encoded, without a signature.
 *
 * @remarks
 * - Only PHP sets the cookie. An id is 22 to 256 letters, digits, commas and hyphens, as PHP creates them; anything
 *   else is none, including the `deleted` with which PHP ends a session.
 * - Nothing in the cookie proves that PHP has issued the id: only a session stored under it does.
 * - If cookies with this name carry different ids, no id is returned; PHP takes the first.
 *
 * @throws `TypeError` for an invalid option.
 *
 * @public
 */
export function phpCookie(options: PhpCookieOptions = {}): CookieReader {
  checkOptionNames("phpCookie", options, ["name"]);
  const { name = "PHPSESSID" } = options;
  return createCookieReader(name, (value) => (phpSessionId.test(value) ? value : undefined));
}
