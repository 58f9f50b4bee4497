import { randomBytes } from "node:crypto";

/** The content of the sessions in benches, different for each. */
export type Attributes = Record<string, unknown> & { n: number };

/** The content in the form of express-session. */
export type StoredJson = Attributes & { cookie: object };

export const ttlSeconds = 86_400;
export const kilobyte = 1024;
const bytesPerItem = 76;
const bytesOfTheRest = 210;

/**
 * Returns attributes of about this many bytes as JSON: a user and a few other values, or ten attributes for large
 * sizes.
 */
export function attributesOf(user: number, bytes: number): Attributes {
  const lists = bytes > 100 * kilobyte ? 8 : 1;
  const perList = Math.round((bytes - bytesOfTheRest) / lists / bytesPerItem);
  const attributes: Attributes = {
    n: 0,
    user: { id: user, name: "Zoë", roles: ["editor", "reader"], locale: "de-CH" },
  };
  for (let list = 0; list < lists; list += 1) attributes[`items${list}`] = Array.from({ length: perList }, itemAt);
  return attributes;
}

export function jsonOf(user: number, bytes: number): string {
  const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: "/" };
  return JSON.stringify({ cookie, ...attributesOf(user, bytes) });
}

export function createIds(count: number): string[] {
  return Array.from({ length: count }, () => randomBytes(24).toString("base64url"));
}

function itemAt(_: unknown, place: number): object {
  return { sku: `article-${1000 + place}`, quantity: place % 10, note: "x".repeat(30) };
}
