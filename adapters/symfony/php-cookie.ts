import type { CookieReader } from "sessionwire";
import { checkOptionNames, createCookieReader } from "sessionwire/backend";
import { isPhpId } from "./php-ids.ts";

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
 * - An id consists of 22 to 256 letters, digits, commas and hyphens. Any other value is no id, including the `deleted`
 *   by which PHP removes the cookie.
 * - The cookie does not prove that PHP issued the id; only a session that is stored under it does.
 * - If several cookies with this name carry different ids, none is returned. PHP takes the first.
 *
 * @throws `TypeError` for an invalid option.
 *
 * @public
 */
export function phpCookie(options: PhpCookieOptions = {}): CookieReader {
  checkOptionNames("phpCookie", options, ["name"]);
  const { name = "PHPSESSID" } = options;
  return createCookieReader(name, (value) => (isPhpId(value) ? value : undefined));
}
