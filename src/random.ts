import { toBase64Url } from "./base64.ts";

/**
 * Makes a text of random bytes, in characters that a URL, a cookie and a key can carry: base64url, four for three bytes.
 *
 * @public
 */
export function randomText(bytes: number): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
}
