import { print } from "../backend/checks.ts";
import { isPromise } from "../backend/pending-call.ts";
import type { MaybePromise } from "../backend/session-backend.ts";

/** Maximum size that browsers accept for one cookie: name, value and attributes. */
export const MAX_COOKIE_BYTES = 4096;

const MAX_VALUES = 8;

/** Matches `cookie-octet`, the characters that need no encoding. (RFC 6265bis, "Syntax") */
export const cookieOctets: RegExp = /^[!#-+\--:<-[\]-~]+$/;

/** Checks that a name is a `token`. (RFC 6265bis, "Syntax") */
export function checkCookieName(name: unknown): void {
  if (typeof name === "string" && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) return;
  throw new TypeError("name must be a string of letters, digits and !#$%&'*+-.^_`|~ only.");
}

/** Returns the id that a value carries; `undefined` if none. */
type Open = (value: string) => MaybePromise<string | undefined>;

/** Returns the different ids that `open` accepts from the cookies with this name. */
export function idsIn(name: string, header: string | null | undefined, open: Open): MaybePromise<string[]> {
  if (header === undefined || header === null) return [];
  if (typeof header !== "string") throw new TypeError(`A Cookie header must be a string, not ${print(header)}.`);
  const ids = valuesOf(name, header).map(open);
  return ids.some(isPromise) ? Promise.all(ids).then(different) : different(ids as (string | undefined)[]);
}

function different(ids: readonly (string | undefined)[]): string[] {
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** Returns the id if there is exactly one. */
export function onlyOne(ids: readonly string[]): string | undefined {
  return ids.length === 1 ? ids[0] : undefined;
}

/** Checks if a header has a cookie with this name, whatever its value. */
export function isNamedIn(name: string, header: string | null | undefined): boolean {
  return (
    header?.split(";").some((pair) => pair.includes("=") && trim(pair.slice(0, pair.indexOf("="))) === name) ?? false
  );
}

/**
 * Returns the different values of the cookies with this name; none if there are too many, because no order says which
 * count.
 */
function valuesOf(name: string, header: string): string[] {
  const values = new Set<string>();
  // Quotes do not protect a semicolon: browsers ignore them. (RFC 6265bis, "The Set-Cookie Header Field")
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
 * Removes spaces and tabs only, as browsers do. `String.prototype.trim` removes many more characters: a name that
 * begins with one of them has no prefix to a browser, which lets anyone set it, but would become `__Host-…` here. It
 * uses no regular expression, which would take quadratic time for blanks before other characters.
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
