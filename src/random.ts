import { toBase64Url } from "./base64.ts";

/**
 * Returns random bytes as base64url, four characters for three bytes, which is safe in URLs, cookies and keys.
 *
 * @public
 */
export function randomText(bytes: number): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
}
