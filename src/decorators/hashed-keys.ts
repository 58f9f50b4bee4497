import { isBytes } from "../backend/call-checks.ts";
import { checkOptionNames } from "../backend/checks.ts";
import { toBase64Url } from "../base64.ts";
import { createKeyHash, type KeyHash } from "../channel/key-hash.ts";
import { sha256 } from "../formats/sha256.ts";
import type { SessionHandler } from "../handler.ts";
import { rememberKeys } from "../remembered-keys.ts";
import { encoder } from "../utf8.ts";
import { type ConnectionMethod, type Decorated, decorateHandler } from "./decorate.ts";

/** Precedes the hash. No format of this package makes keys that begin with it. */
const PREFIX = "hashed:";

/**
 * The options of {@link withHashedKeys}.
 *
 * @public
 */
export interface HashedKeysOptions {
  /**
   * Makes the hash an HMAC-SHA-256 with this secret. It is needed only if ids can be guessed: with a hash that needs no
   * secret, a reader of the store can try them.
   *
   * @defaultValue none: the hash is a plain SHA-256
   */
  readonly secret?: string | Uint8Array | undefined;
}

/**
 * Stores each session under a hash of its key, for formats whose keys show the id: a dump of the store, a slow log or
 * `MONITOR` then contains nothing to sign in with. (OWASP ASVS 5.0, 7.2.3; Session Management Cheat Sheet)
 *
 * @remarks
 * - The key is `hashed:` and 43 characters of base64url, the SHA-256 of the key outside. It is short enough for every
 *   store.
 * - A hash cannot be undone, so the handler has no `list`. List the handler inside, which lists hashed keys.
 * - Data is stored as it is. Put a decorator that binds data to its key inside, as an encryption may do.
 * - `withMigration(handler, withHashedKeys(handler))` moves the sessions of a store in use to their hashed keys.
 *
 * @throws `TypeError` for an invalid handler or option.
 *
 * @public
 */
export function withHashedKeys<H extends SessionHandler>(
  handler: H,
  options: HashedKeysOptions = {},
): Decorated<H, ConnectionMethod> {
  checkOptionNames("withHashedKeys", options, ["secret"]);
  const hashOf = hashWith(options.secret);
  return decorateHandler<H>(handler, { key: rememberKeys((key) => PREFIX + hashOf(key)) });
}

function hashWith(secret: string | Uint8Array | undefined): KeyHash {
  if (secret === undefined) return (key) => toBase64Url(sha256(encoder.encode(key)));
  if (typeof secret !== "string" && !isBytes(secret)) {
    throw new TypeError("secret must be a string or a Uint8Array.");
  }
  if (secret.length === 0) throw new TypeError("secret must not be empty.");
  return createKeyHash(typeof secret === "string" ? secret : secret.slice());
}
