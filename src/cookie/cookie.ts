import { checkCount, checkOptionNames, print } from "../backend/checks.ts";
import { isPromise } from "../backend/pending-call.ts";
import type { MaybePromise } from "../backend/session-backend.ts";
import { SessionError } from "../errors.ts";
import { checkCookieName, cookieOctets, idsIn, isNamedIn, MAX_COOKIE_BYTES, onlyOne } from "./cookie-header.ts";
import { createSigner, lengthsOf, type Secret, type Signer } from "./signature.ts";

/**
 * The options of the cookie that carries the session id. There is none for `HttpOnly`, which is always on: no script needs
 * the id. (OWASP Session Management Cheat Sheet; ASVS 5.0, 3.3.4)
 *
 * @remarks
 * To a browser, a cookie of another path, domain or `partitioned` is another cookie, which stays beside the old one until that
 * has expired. Such a change needs a new name.
 *
 * @public
 */
export interface SessionCookieOptions {
  /**
   * The name of the cookie. It should not tell which framework is behind it. (OWASP Session Management Cheat Sheet)
   *
   * Browsers take a name that begins with `__Host-` only with `Secure`, the path `/` and no domain, so that no other host and
   * no page without encryption can set it; and one that begins with `__Secure-` only with `Secure`. They do so in upper and
   * lower case. (RFC 6265bis, "Cookie Name Prefixes"; ASVS 5.0, 3.3.1 and 3.3.3)
   *
   * @defaultValue `"__Host-session"`
   */
  readonly name?: string | undefined;
  /**
   * Signs the id, so that forged cookies never reach the store. The first secret signs and all verify: a new one is put in
   * front, and the old one removed when its cookies have expired. Each has at least 32 bytes, a text in UTF-8: as many as
   * SHA-256 gives out (RFC 2104, section 3); and signs nothing else.
   *
   * @defaultValue none, the id is not signed: it cannot be guessed anyway
   */
  readonly secrets?: readonly Secret[] | undefined;
  /**
   * With which requests of other sites the browser sends the cookie: `"strict"` with none, `"lax"` when a link to here is
   * followed, `"none"` with all of them, which needs `secure`. (RFC 6265bis, "The SameSite Attribute"; ASVS 5.0, 3.3.2)
   *
   * @defaultValue `"lax"`
   */
  readonly sameSite?: "lax" | "strict" | "none" | undefined;
  /**
   * Whether the browser sends the cookie over encrypted connections only. (OWASP Session Management Cheat Sheet; ASVS 5.0, 3.3.1)
   *
   * @defaultValue `true`
   */
  readonly secure?: boolean | undefined;
  /**
   * The path below which the browser sends the cookie. It separates no applications: their pages can read one another.
   * (RFC 6265bis, "Weak Confidentiality")
   *
   * @defaultValue `"/"`
   */
  readonly path?: string | undefined;
  /**
   * The domain to all hosts of which the browser sends the cookie.
   *
   * @defaultValue none, only the host that has set it gets it
   */
  readonly domain?: string | undefined;
  /**
   * How long the browser keeps the cookie, in whole seconds. It ends no session: that is for the limits on the server. Browsers
   * keep none for longer than 400 days. (RFC 6265bis, "The Max-Age Attribute")
   *
   * @defaultValue none, the browser forgets it when it is closed
   */
  readonly maxAgeSeconds?: number | undefined;
  /**
   * Gives each site that embeds this one a cookie of its own. Needs `secure`. (CHIPS, "Cookies Having Independent Partitioned
   * State")
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
   * The id that a `Cookie` header carries, or `undefined` when there is none that can be ours: none of this name, none with a
   * good signature, none of the shape of an id. Rejects with a `TypeError` for what is neither text nor absent.
   *
   * @remarks
   * Where cookies of this name carry different ids, one of them may have been planted, and their order tells nothing: no id is
   * returned. (RFC 6265, section 4.2.2) Nor is one when there are more than eight different values of this name, since
   * each costs a signature.
   */
  parse(header: string | null | undefined): Promise<string | undefined>;
  /**
   * The different ids that a `Cookie` header carries, each of which {@link CookieReader.parse} would return if it were the only one. For
   * whoever can tell which of them leads to a session: a browser may still have a cookie of another path or domain. Subscribers of the
   * manager hear of nothing.
   */
  parseAll(header: string | null | undefined): Promise<string[]>;
}

/**
 * The cookie that carries the session id. It works on headers, and knows nothing of a server or framework.
 *
 * @public
 */
export interface SessionCookie extends CookieReader {
  /**
   * The value of a `Set-Cookie` header that hands the id to the browser. Rejects with a `SessionError` with code `invalid-id`
   * for an id that is none or that no cookie can carry, and with a `RangeError` when the whole is over 4096 bytes, of which a
   * browser may keep nothing. (RFC 6265, section 6.1; ASVS 5.0, 3.3.5)
   */
  serialize(session: { readonly id: string }): Promise<string>;
  /** The value of a `Set-Cookie` header that makes the browser forget the id. */
  clear(): string;
}

/** Attributes whose value is longer are ignored. (RFC 6265bis, "The Set-Cookie Header Field", user agent requirements) */
const MAX_ATTRIBUTE_BYTES = 1024;

const MIN_SECRET_BYTES = 32;

/** `isId` tells ids by their shape; `onRefused` is called when `parse` finds cookies of the name, and no id. */
export function createSessionCookie(
  isId: (value: string) => boolean,
  options: SessionCookieOptions = {},
  onRefused: (reason: "bad-cookie" | "ambiguous-cookie") => void = () => {},
): SessionCookie {
  checkOptionNames("cookie", options, optionNames);
  const { name = "__Host-session", secrets, sameSite = "lax", secure = true, path = "/", domain } = options;
  const { maxAgeSeconds, partitioned = false } = options;
  const place: SessionLocation = { name, sameSite, secure, path, domain, partitioned };
  checkPlace(place);
  if (maxAgeSeconds !== undefined) checkCount("maxAgeSeconds", maxAgeSeconds, 1);
  const signer = secrets === undefined ? unsigned : createStrongSigner(secrets);

  /** An id of any other characters would end the value, and begin an attribute or another header. */
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
      if (!isUsable(id)) throw new SessionError("invalid-id", "The session has no id that a cookie can carry.");
      const header = setCookie(place, await signer.sign(id), maxAgeSeconds);
      if (header.length <= MAX_COOKIE_BYTES) return header;
      throw new RangeError(`The session cookie would have ${header.length} bytes; browsers take ${MAX_COOKIE_BYTES}.`);
    },

    clear: () => setCookie(place, "", 0),

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

/** The length of the secrets stays out of the message, as they do. */
function createStrongSigner(secrets: readonly Secret[]): Signer {
  const signer = createSigner(secrets);
  if (lengthsOf(secrets).every((length) => length >= MIN_SECRET_BYTES)) return signer;
  throw new RangeError(`Each of the secrets must have at least ${MIN_SECRET_BYTES} bytes.`);
}

/** What a browser tells cookies apart by, and what it may do with them. */
interface SessionLocation {
  readonly name: string;
  readonly sameSite: "lax" | "strict" | "none";
  readonly secure: boolean;
  readonly path: string;
  readonly domain: string | undefined;
  readonly partitioned: boolean;
}

const sameSites = { lax: "Lax", strict: "Strict", none: "None" };

/** All of it is ASCII, so that its length is its bytes. */
function setCookie(place: SessionLocation, value: string, maxAgeSeconds: number | undefined): string {
  const { name, path, domain, secure, sameSite, partitioned } = place;
  let header = `${name}=${value}; Path=${path}`;
  if (domain !== undefined) header += `; Domain=${domain}`;
  if (maxAgeSeconds !== undefined) header += `; Max-Age=${maxAgeSeconds}`;
  header += "; HttpOnly";
  if (secure) header += "; Secure";
  header += `; SameSite=${sameSites[sameSite]}`;
  if (partitioned) header += "; Partitioned";
  return header;
}

function checkPlace({ name, sameSite, secure, path, domain, partitioned }: SessionLocation): void {
  checkCookieName(name);
  checkBoolean("secure", secure);
  checkBoolean("partitioned", partitioned);
  if (typeof sameSite !== "string" || !Object.hasOwn(sameSites, sameSite)) {
    throw new TypeError('sameSite must be "lax", "strict" or "none".');
  }
  checkAttribute("path", path);
  if (!path.startsWith("/")) throw new TypeError('path must begin with "/", or browsers choose another one.');
  if (domain !== undefined) checkAttribute("domain", domain);

  if (/^__host-/i.test(name)) {
    if (path !== "/") throw conflict("path", `the name ${name} needs the path "/"`);
    if (domain !== undefined) throw conflict("domain", `the name ${name} allows none`);
  }
  if (secure) return;
  if (/^__(host|secure)-/i.test(name)) throw conflict("secure", `the name ${name} needs it, but "session" does not`);
  if (sameSite === "none") throw conflict("secure", 'sameSite "none" needs it');
  if (partitioned) throw conflict("secure", "partitioned needs it");
}

function conflict(option: string, why: string): TypeError {
  return new TypeError(`The option "${option}" of the cookie cannot be so: ${why}. Browsers would refuse the cookie.`);
}

function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== "boolean") throw new TypeError(`${name} must be a boolean, not ${print(value)}.`);
}

/** Control characters and `;` would begin another attribute or header; blanks and what is not ASCII match no request. */
function checkAttribute(name: string, value: unknown): void {
  if (typeof value !== "string" || !/^[!-:<-~]+$/.test(value)) {
    throw new TypeError(`${name} must be a text of visible ASCII characters without ";".`);
  }
  if (value.length <= MAX_ATTRIBUTE_BYTES) return;
  throw new RangeError(`${name} has ${value.length} bytes; browsers take ${MAX_ATTRIBUTE_BYTES}.`);
}
