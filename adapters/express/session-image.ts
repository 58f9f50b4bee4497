import type { Json } from "sessionwire";
import { type CookieObject, cookieOf } from "./cookie.ts";
import { jsonOf } from "./json.ts";

/** The state of a session object at one moment, as plain data that nobody changes, for determining later changes. */
export interface SessionImage {
  /** All members except `cookie` and the messages of `flash`. */
  readonly attributes: ReadonlyMap<string, Json>;
  /** The messages of connect-flash as JSON, by type. */
  readonly flashes: ReadonlyMap<string, readonly string[]>;
  /** The cookie; `undefined` if there is none, and therefore nothing to compare. */
  readonly cookie: CookieObject | undefined;
}

/**
 * Takes the image of a session object. Parts that are unchanged since `before` are taken from there, and not copied.
 *
 * @throws The errors of JSON.stringify, and a `TypeError` for a cookie that is not an object, which no other store
 * could read.
 */
export function imageOf(session: object, before: SessionImage | undefined): SessionImage {
  const attributes = new Map<string, Json>();
  for (const name of Object.keys(session)) {
    if (name === "cookie") continue;
    const value = jsonOf(session[name as never], before?.attributes.get(name));
    if (value !== undefined) attributes.set(name, value);
  }
  return { attributes, flashes: takeFlashes(attributes), cookie: cookieOf(session) };
}

/**
 * Returns those arrays of an object that hold messages, as in connect-flash. An object without messages is an ordinary
 * attribute.
 */
function takeFlashes(attributes: Map<string, Json>): SessionImage["flashes"] {
  const flash = attributes.get("flash");
  if (typeof flash !== "object" || flash === null || Array.isArray(flash)) return noFlashes;
  const types: [string, Json][] = Object.entries(flash);
  const waiting = types.filter(([, values]) => Array.isArray(values) && values.length > 0);
  if (waiting.length === 0 || !types.every(([, values]) => Array.isArray(values))) return noFlashes;
  const empty = types.filter(([, values]) => Array.isArray(values) && values.length === 0);
  if (empty.length > 0) attributes.set("flash", Object.fromEntries(empty));
  else attributes.delete("flash");
  return new Map(waiting.map(([type, values]) => [type, (values as Json[]).map((value) => JSON.stringify(value))]));
}

/** No messages. */
export const noFlashes: SessionImage["flashes"] = new Map();
