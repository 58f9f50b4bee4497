import { isId } from "sessionwire/backend";

/**
 * A save handler of PHP that locks sessions: `"phpredis"` (`redis.session.locking_enabled`), `"memcached"`
 * (`memcached.sess_locking`) or `"snc"` (SncRedisBundle before its version 4).
 *
 * @public
 */
export type PhpLockStyle = "phpredis" | "memcached" | "snc";

/** The keys under which PHP keeps the locks of sessions. */
export interface LockKeys {
  /** Returns the key of a session's lock; `undefined` for a key under which PHP stores no session. */
  lockKeyOf(key: string): string | undefined;
  isLockKey(key: string): boolean;
}

interface Form {
  /** The prefix of sessions, unless PHP is configured otherwise. */
  readonly prefix: string;
  /** What stands between the prefix and the id in the key of a lock. */
  readonly before: string;
  /** What stands behind the id. No id of PHP ends so. */
  readonly after: string;
}

/** As the sources of phpredis, php-memcached and SncRedisBundle have them. */
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
