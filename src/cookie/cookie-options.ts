import type { Secret } from "./signature.ts";

/**
 * The options of the cookie that carries the session id. `HttpOnly` is not an option: it is always on, because no
 * script needs the id. (OWASP Session Management Cheat Sheet; ASVS 5.0, 3.3.4)
 *
 * @remarks
 * To a browser, a cookie with another path, domain or `partitioned` is a separate cookie, which coexists with the old
 * one until that one expires. Such a change needs a new name.
 *
 * @public
 */
export interface SessionCookieOptions {
  /**
   * The name of the cookie. It should not reveal the framework. (OWASP Session Management Cheat Sheet)
   *
   * Browsers accept a name with the prefix `__Host-` only with `Secure`, the path `/` and no domain, so that no other
   * host and no unencrypted page can set it. They accept the prefix `__Secure-` only with `Secure`. Both prefixes are
   * case-insensitive. (RFC 6265bis, "Cookie Name Prefixes"; ASVS 5.0, 3.3.1 and 3.3.3)
   *
   * @defaultValue `"__Host-session"`
   */
  readonly name?: string | undefined;
  /**
   * Signs the id, so that forged cookies never reach the store. The first secret signs and all verify: to rotate, put a
   * new secret in front and remove the old one once its cookies have expired. Each secret has at least 32 bytes (a
   * string counts in UTF-8), the output size of SHA-256 (RFC 2104, section 3), and signs nothing else.
   *
   * @defaultValue none: the id is not signed, as it cannot be guessed anyway
   */
  readonly secrets?: readonly Secret[] | undefined;
  /**
   * The requests from other sites with which the browser sends the cookie: `"strict"` with none, `"lax"` when a link to
   * this site is followed, `"none"` with all, which requires `secure`. (RFC 6265bis, "The SameSite Attribute"; ASVS
   * 5.0, 3.3.2)
   *
   * @defaultValue `"lax"`
   */
  readonly sameSite?: "lax" | "strict" | "none" | undefined;
  /**
   * Restricts the cookie to encrypted connections. (OWASP Session Management Cheat Sheet; ASVS 5.0, 3.3.1)
   *
   * @defaultValue `true`
   */
  readonly secure?: boolean | undefined;
  /**
   * The path under which the browser sends the cookie. It does not isolate applications: their pages can read one
   * another. (RFC 6265bis, "Weak Confidentiality")
   *
   * @defaultValue `"/"`
   */
  readonly path?: string | undefined;
  /**
   * The domain whose hosts all receive the cookie.
   *
   * @defaultValue none: only the host that set it receives it
   */
  readonly domain?: string | undefined;
  /**
   * The time for which the browser keeps the cookie, in whole seconds. It ends no session: the limits on the server do.
   * Browsers keep no cookie for longer than 400 days. (RFC 6265bis, "The Max-Age Attribute")
   *
   * @defaultValue none: the browser forgets it when it is closed
   */
  readonly maxAgeSeconds?: number | undefined;
  /**
   * Gives each site that embeds this one a separate cookie. Requires `secure`. (CHIPS, "Cookies Having Independent
   * Partitioned State")
   *
   * @defaultValue `false`
   */
  readonly partitioned?: boolean | undefined;
}
