import { checkCount, checkOptionNames } from "../backend/checks.ts";
import { isPromise } from "../backend/pending-call.ts";
import type { MaybePromise } from "../backend/session-backend.ts";
import { SessionError } from "../errors.ts";
import { type CookieAttributes, checkAttributes, setCookie } from "./cookie-attributes.ts";
import { cookieOctets, idsIn, isNamedIn, MAX_COOKIE_BYTES, onlyOne } from "./cookie-header.ts";
import type { SessionCookieOptions } from "./cookie-options.ts";
import { createSigner, lengthsOf, type Secret, type Signer } from "./signature.ts";

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
   *
   * @remarks
   * A session with limits of its own is kept by the browser for the rest of its lifetime, or else for its idle timeout,
   * instead of `maxAgeSeconds`.
   */
  serialize(session: { readonly id: string }): Promise<string>;
  /** Returns the value of a `Set-Cookie` header that makes the browser forget the id. */
  clear(): string;
}

const MIN_SECRET_BYTES = 32;

/**
 * Creates the cookie. `isId` checks the shape of an id; `onRefused` is called when `parse` finds cookies with the name
 * but no id; `ageOf` returns the maximum age, in seconds, of the cookie of a session that has one of its own.
 */
export function createSessionCookie(
  isId: (value: string) => boolean,
  options: SessionCookieOptions = {},
  onRefused: (reason: "bad-cookie" | "ambiguous-cookie") => void = () => {},
  ageOf: (session: { readonly id: string }) => number | undefined = () => undefined,
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

    async serialize(session) {
      const { id } = session;
      if (!isUsable(id)) throw new SessionError("invalid-id", "The session's id is not one that a cookie can carry.");
      const header = setCookie(attributes, await signer.sign(id), ageOf(session) ?? maxAgeSeconds);
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
