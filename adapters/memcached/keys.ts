import { hash } from "node:crypto";

/**
 * The maximum length of a key, in bytes: the server stores the length in one byte.
 * https://github.com/memcached/memcached/blob/master/doc/protocol.txt
 */
const mostBytes = 250;
const marker = "sha256:";

/**
 * Returns the key for Memcached: the key itself, or a digest if it is too long. A key that looks like such a digest is
 * also replaced, so that no two keys coincide.
 */
export function keyInStore(key: string): string {
  if (Buffer.byteLength(key) <= mostBytes && !key.startsWith(marker)) return key;
  return marker + hash("sha256", key, "hex");
}
