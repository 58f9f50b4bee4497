/** The bytes as base64 in the standard alphabet, without padding (RFC 4648, sections 3.2 and 4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/=+$/, "");
}

/**
 * The bytes as base64 in the alphabet that is safe in URLs and cookies, without padding (RFC 4648, section 5).
 *
 * @public
 */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_");
}
