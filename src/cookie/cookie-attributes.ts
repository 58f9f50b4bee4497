import { print } from "../backend/checks.ts";
import { checkCookieName } from "./cookie-header.ts";

/**
 * Maximum size of an attribute value; browsers ignore longer ones. (RFC 6265bis, "The Set-Cookie Header Field", user
 * agent requirements)
 */
const MAX_ATTRIBUTE_BYTES = 1024;

/** The attributes by which a browser tells cookies apart, and those that restrict their use. */
export interface CookieAttributes {
  readonly name: string;
  readonly sameSite: "lax" | "strict" | "none";
  readonly secure: boolean;
  readonly path: string;
  readonly domain: string | undefined;
  readonly partitioned: boolean;
}

const sameSites = { lax: "Lax", strict: "Strict", none: "None" };

/** Builds the header in ASCII only, so its length in characters is its size in bytes. */
export function setCookie(attributes: CookieAttributes, value: string, maxAgeSeconds: number | undefined): string {
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

export function checkAttributes({ name, sameSite, secure, path, domain, partitioned }: CookieAttributes): void {
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
