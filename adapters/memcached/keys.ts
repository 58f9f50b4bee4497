import { hash } from "node:crypto";

/** The length of a key has one byte in the server. https://github.com/memcached/memcached/blob/master/doc/protocol.txt */
const mostBytes = 250;
const marker = "sha256:";

/**
 * The key as Memcached has it: the key itself, or a digest of one that is too long. A key that looks like such a digest is
 * replaced, too, so that no two keys become one.
 */
export function keyInStore(key: string): string {
  if (Buffer.byteLength(key) <= mostBytes && !key.startsWith(marker)) return key;
  return marker + hash("sha256", key, "hex");
}
