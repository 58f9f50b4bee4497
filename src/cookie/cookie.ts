import { checkCount, checkOptionNames, print } from "../backend/checks.ts";
import { isPromise } from "../backend/pending-call.ts";
import type { MaybePromise } from "../backend/session-backend.ts";
import { SessionError } from "../errors.ts";
import { checkCookieName, cookieOctets, idsIn, isNamedIn, MAX_COOKIE_BYTES, onlyOne } from "./cookie-header.ts";
import { createSigner, lengthsOf, type Secret, type Signer } from "./signature.ts";

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

/**
 * Finds the session id in the headers of a request.
 *
 * @public
 */
export interface CookieReader {
  /** The name of the cookie. */
  readonly name: string;
  /**
   * Returns the id that a `Cookie` header carries, or `undefined` if no cookie with this name has a valid signature and
   * the shape of an id. Rejects with a `TypeError` for a header that is neither a string nor absent.
   *
   * @remarks
   * If cookies with this name carry different ids, one of them may have been planted, and their order reveals nothing:
   * no id is returned. (RFC 6265, section 4.2.2) Nor is one returned if there are more than eight different values with
   * this name, since each costs a signature check.
   */
  parse(header: string | null | undefined): Promise<string | undefined>;
  /**
   * Returns the different ids that a `Cookie` header carries. {@link CookieReader.parse} would return each of them if
   * it were the only one. It is for callers that can determine which id leads to a session: a browser may still have a
   * cookie with another path or domain. It does not notify subscribers of the manager.
   */
  parseAll(header: string | null | undefined): Promise<string[]>;
}

/**
 * The cookie that carries the session id. It works on headers and knows no server or framework.
 *
 * @public
 */
export interface SessionCookie extends CookieReader {
  /**
   * Returns the value of a `Set-Cookie` header that gives the id to the browser. Rejects with a `SessionError` with
   * code `invalid-id` for an invalid id or one that no cookie can carry, and with a `RangeError` if the whole exceeds
   * 4096 bytes, which a browser may drop entirely. (RFC 6265, section 6.1; ASVS 5.0, 3.3.5)
   */
  serialize(session: { readonly id: string }): Promise<string>;
  /** Returns the value of a `Set-Cookie` header that makes the browser forget the id. */
  clear(): string;
}

/**
 * Maximum size of an attribute value; browsers ignore longer ones. (RFC 6265bis, "The Set-Cookie Header Field", user
 * agent requirements)
 */
const MAX_ATTRIBUTE_BYTES = 1024;

const MIN_SECRET_BYTES = 32;

/**
 * Creates the cookie. `isId` checks the shape of an id; `onRefused` is called when `parse` finds cookies with the name
 * but no id.
 */
export function createSessionCookie(
  isId: (value: string) => boolean,
  options: SessionCookieOptions = {},
  onRefused: (reason: "bad-cookie" | "ambiguous-cookie") => void = () => {},
): SessionCookie {
  checkOptionNames("cookie", options, optionNames);
  const { name = "__Host-session", secrets, sameSite = "lax", secure = true, path = "/", domain } = options;
  const { maxAgeSeconds, partitioned = false } = options;
  const attributes: CookieAttributes = { name, sameSite, secure, path, domain, partitioned };
  checkAttributes(attributes);
  if (maxAgeSeconds !== undefined) checkCount("maxAgeSeconds", maxAgeSeconds, 1);
  const signer = secrets === undefined ? unsigned : createStrongSigner(secrets);

  /** Checks the characters as well: others would end the value and begin an attribute or another header. */
  function isUsable(id: unknown): id is string {
    return typeof id === "string" && isId(id) && cookieOctets.test(id);
  }

  function open(value: string): MaybePromise<string | undefined> {
    const id = signer.unsign(value);
    return isPromise(id) ? id.then(onlyUsable) : onlyUsable(id);
  }

  function onlyUsable(id: string | undefined): string | undefined {
    return isUsable(id) ? id : undefined;
  }

  return {
    name,

    async serialize({ id }) {
      if (!isUsable(id)) throw new SessionError("invalid-id", "The session's id is not one that a cookie can carry.");
      const header = setCookie(attributes, await signer.sign(id), maxAgeSeconds);
      if (header.length <= MAX_COOKIE_BYTES) return header;
      throw new RangeError(`The session cookie would have ${header.length} bytes; browsers take ${MAX_COOKIE_BYTES}.`);
    },

    clear: () => setCookie(attributes, "", 0),

    async parse(header) {
      const found = idsIn(name, header, open);
      const ids = isPromise(found) ? await found : found;
      if (ids.length > 1) onRefused("ambiguous-cookie");
      else if (ids.length === 0 && isNamedIn(name, header)) onRefused("bad-cookie");
      return onlyOne(ids);
    },

    parseAll: async (header) => idsIn(name, header, open),
  };
}

const optionNames = ["name", "secrets", "sameSite", "secure", "path", "domain", "maxAgeSeconds", "partitioned"];

const unsigned: Signer = {
  sign: (id) => id,
  unsign: (value) => value,
};

/** Creates the signer. The message includes neither the secrets nor their lengths. */
function createStrongSigner(secrets: readonly Secret[]): Signer {
  const signer = createSigner(secrets);
  if (lengthsOf(secrets).every((length) => length >= MIN_SECRET_BYTES)) return signer;
  throw new RangeError(`Each of the secrets must have at least ${MIN_SECRET_BYTES} bytes.`);
}

/** The attributes by which a browser tells cookies apart, and those that restrict their use. */
interface CookieAttributes {
  readonly name: string;
  readonly sameSite: "lax" | "strict" | "none";
  readonly secure: boolean;
  readonly path: string;
  readonly domain: string | undefined;
  readonly partitioned: boolean;
}

const sameSites = { lax: "Lax", strict: "Strict", none: "None" };

/** Builds the header in ASCII only, so its length in characters is its size in bytes. */
function setCookie(attributes: CookieAttributes, value: string, maxAgeSeconds: number | undefined): string {
  const { name, path, domain, secure, sameSite, partitioned } = attributes;
  let header = `${name}=${value}; Path=${path}`;
  if (domain !== undefined) header += `; Domain=${domain}`;
  if (maxAgeSeconds !== undefined) header += `; Max-Age=${maxAgeSeconds}`;
  header += "; HttpOnly";
  if (secure) header += "; Secure";
  header += `; SameSite=${sameSites[sameSite]}`;
  if (partitioned) header += "; Partitioned";
  return header;
}

function checkAttributes({ name, sameSite, secure, path, domain, partitioned }: CookieAttributes): void {
  checkCookieName(name);
  checkBoolean("secure", secure);
  checkBoolean("partitioned", partitioned);
  if (typeof sameSite !== "string" || !Object.hasOwn(sameSites, sameSite)) {
    throw new TypeError('sameSite must be "lax", "strict" or "none".');
  }
  checkAttribute("path", path);
  if (!path.startsWith("/")) throw new TypeError('path must begin with "/"; otherwise browsers choose another one.');
  if (domain !== undefined) checkAttribute("domain", domain);

  if (/^__host-/i.test(name)) {
    if (path !== "/") throw conflict("path", `the name ${name} requires the path "/"`);
    if (domain !== undefined) throw conflict("domain", `the name ${name} allows no domain`);
  }
  if (secure) return;
  if (/^__(host|secure)-/i.test(name)) throw conflict("secure", `the name ${name} requires it; "session" does not`);
  if (sameSite === "none") throw conflict("secure", 'sameSite "none" requires it');
  if (partitioned) throw conflict("secure", "partitioned requires it");
}

function conflict(option: string, why: string): TypeError {
  return new TypeError(`The cookie option "${option}" is invalid: ${why}. Browsers would refuse the cookie.`);
}

function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== "boolean") throw new TypeError(`${name} must be a boolean, not ${print(value)}.`);
}

/**
 * Refuses control characters and `;`, which would begin another attribute or header, and spaces and non-ASCII, which
 * match no request.
 */
function checkAttribute(name: string, value: unknown): void {
  if (typeof value !== "string" || !/^[!-:<-~]+$/.test(value)) {
    throw new TypeError(`${name} must be a string of visible ASCII characters without ";".`);
  }
  if (value.length <= MAX_ATTRIBUTE_BYTES) return;
  throw new RangeError(`${name} has ${value.length} bytes; browsers take ${MAX_ATTRIBUTE_BYTES}.`);
}
