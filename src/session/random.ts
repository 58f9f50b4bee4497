import { toBase64Url } from "./base64.ts";

/** So many random bytes, in characters that a URL, a cookie and a key can carry. */
export function randomText(bytes: number): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
}
