import type { MaybePromise } from "../backend/session-backend.ts";
import type { CookieReader } from "./cookie.ts";
import { checkCookieName, idsIn, onlyOne } from "./cookie-header.ts";

/**
 * Creates the reader of a cookie that something else sets. `idOf` receives the percent-decoded value of each cookie
 * with this name, and returns the id that it carries, or `undefined` if it carries none.
 *
 * @throws `TypeError` for a name that no cookie can have.
 *
 * @public
 */
export function createCookieReader(
  name: string,
  idOf: (value: string) => MaybePromise<string | undefined>,
): CookieReader {
  checkCookieName(name);
  const open = (value: string) => idOf(decoded(value));
  return {
    name,
    parse: async (header) => onlyOne(await idsIn(name, header, open)),
    parseAll: async (header) => idsIn(name, header, open),
  };
}

/** Returns an incorrectly encoded value unchanged: it carries no id of anybody. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
