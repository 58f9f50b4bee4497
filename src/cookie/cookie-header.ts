import { print } from "../backend/checks.ts";
import { isPromise } from "../backend/pending-call.ts";
import type { MaybePromise } from "../backend/session-backend.ts";

/** What browsers keep of one cookie: name, value and attributes. */
export const MAX_COOKIE_BYTES = 4096;

const MAX_VALUES = 8;

/** `cookie-octet`, which is also what needs no encoding. (RFC 6265bis, "Syntax") */
export const cookieOctets: RegExp = /^[!#-+\--:<-[\]-~]+$/;

/** A `token`. (RFC 6265bis, "Syntax") */
export function checkCookieName(name: unknown): void {
  if (typeof name === "string" && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return;
  throw new TypeError("name must be a text of letters, digits and !#$%&'*+-.^_`|~ only.");
}

/** Tells which id a value carries; `undefined`: none. */
type Open = (value: string) => MaybePromise<string | undefined>;

/** The different ids that the cookies of this name carry, of those that `open` takes. */
export function idsIn(name: string, header: string | null | undefined, open: Open): MaybePromise<string[]> {
  if (header === undefined || header === null) return [];
  if (typeof header !== "string") throw new TypeError(`A Cookie header must be a text, not ${print(header)}.`);
  const ids = valuesOf(name, header).map(open);
  return ids.some(isPromise) ? Promise.all(ids).then(different) : different(ids as (string | undefined)[]);
}

function different(ids: readonly (string | undefined)[]): string[] {
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** The one id, or none where there are several. */
export function onlyOne(ids: readonly string[]): string | undefined {
  return ids.length === 1 ? ids[0] : undefined;
}

/** Tells whether a header has a cookie of this name, whatever its value is. */
export function isNamedIn(name: string, header: string | null | undefined): boolean {
  return (
    header?.split(";").some((pair) => pair.includes("=") && trim(pair.slice(0, pair.indexOf("="))) === name) ?? false
  );
}

/** The different values that cookies of this name have; none when there are too many, because no order says which count. */
function valuesOf(name: string, header: string): string[] {
  const values = new Set<string>();
  // Quotes do not protect a semicolon: browsers do not know them. (RFC 6265bis, "The Set-Cookie Header Field")
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals === -1 || trim(pair.slice(0, equals)) !== name) continue;
    const value = unquote(trim(pair.slice(equals + 1)));
    if (name.length + value.length <= MAX_COOKIE_BYTES && cookieOctets.test(value)) values.add(value);
    if (values.size > MAX_VALUES) return [];
  }
  return [...values];
}

/**
 * Takes off blanks and tabs only, as browsers do. `String.prototype.trim` knows many more: a name that begins with one of them
 * has no prefix to a browser, which lets anyone set it, and would become `__Host-…` here. By hand, because a regular
 * expression takes quadratic time for blanks before something else.
 */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start += 1;
  while (start < end && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

function unquote(value: string): string {
  return value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
