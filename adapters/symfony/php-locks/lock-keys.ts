import { isId } from "sessionwire/backend";

/**
 * A save handler of PHP that locks sessions: `"phpredis"` (`redis.session.locking_enabled`), `"memcached"`
 * (`memcached.sess_locking`) or `"snc"` (SncRedisBundle before its version 4).
 *
 * @public
 */
export type PhpLockStyle = "phpredis" | "memcached" | "snc";

/** Finds the keys of PHP's locks. */
export interface LockKeys {
  /** Returns the key of a session's lock; `undefined` if the key is not that of a PHP session. */
  lockKeyOf(key: string): string | undefined;
  isLockKey(key: string): boolean;
}

interface Form {
  /** The default prefix of sessions. */
  readonly prefix: string;
  /** The part of a lock's key between the prefix and the id. */
  readonly before: string;
  /** The part after the id. No PHP id ends with it. */
  readonly after: string;
}

/** Taken from the sources of phpredis, php-memcached and SncRedisBundle. */
const forms: Readonly<Record<PhpLockStyle, Form>> = {
  phpredis: { prefix: "PHPREDIS_SESSION:", before: "", after: "_LOCK" },
  memcached: { prefix: "memc.sess.key.", before: "lock.", after: "" },
  snc: { prefix: "session", before: "", after: ".lock" },
};

export const phpLockStyles: readonly string[] = Object.keys(forms);

export function lockKeysOf(style: PhpLockStyle, prefix: string = forms[style].prefix): LockKeys {
  const { before, after } = forms[style];
  const isLockKey = (key: string) =>
    key.startsWith(prefix + before) && key.endsWith(after) && key.length > prefix.length + before.length + after.length;
  return {
    isLockKey,
    lockKeyOf(key) {
      if (!key.startsWith(prefix) || key.length === prefix.length || isLockKey(key)) return undefined;
      const lockKey = `${prefix}${before}${key.slice(prefix.length)}${after}`;
      return isId(lockKey) ? lockKey : undefined;
    },
  };
}
