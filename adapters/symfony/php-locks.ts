import { type Clock, type Decorated, type SessionHandler, systemClock, withTimeout } from "sessionwire";
import {
  checkClock,
  checkCount,
  checkOptionNames,
  decorateHandler,
  MAX_DELAY_MS,
  type Operation,
  type SessionPage,
} from "sessionwire/backend";
import { type LockKeys, lockKeysOf, type PhpLockStyle, phpLockStyles } from "./php-locks/lock-keys.ts";
import { SessionLocks } from "./php-locks/session-locks.ts";

export type { PhpLockStyle } from "./php-locks/lock-keys.ts";

/**
 * The options of {@link withPhpLocks}.
 *
 * @public
 */
export interface PhpLocksOptions {
  /** The save handler whose locks are taken. */
  readonly style: PhpLockStyle;
  /**
   * The prefix of the sessions' keys: the `prefix` of the `save_path`, `memcached.sess_prefix`, or the prefix of
   * SncRedisBundle, after any prefix of the handler. Only keys with the prefix are locked.
   *
   * @defaultValue `"PHPREDIS_SESSION:"`, `"memc.sess.key."` or `"session"`, by the style
   */
  readonly prefix?: string | undefined;
  /**
   * Maximum time for which PHP, or another process, may keep a change waiting, in milliseconds.
   *
   * @defaultValue 5000
   */
  readonly waitMs?: number | undefined;
  /**
   * Time after which a lock expires if this process cannot release it, in whole seconds. Calls to the wrapped handler
   * have a deadline of half that time, so that no change is sent without its lock.
   *
   * @defaultValue 10
   */
  readonly lockSeconds?: number | undefined;
  /**
   * The source of time.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Returns a random number from 0 to less than 1.
   *
   * @defaultValue `Math.random`
   */
  readonly random?: (() => number) | undefined;
}

/**
 * Takes the locks of PHP's save handlers around every write and destroy, so that PHP and Node.js take turns to change a
 * session, and neither overwrites the other.
 *
 * @remarks
 * - PHP must lock as well: `redis.session.locking_enabled`, `memcached.sess_locking` or SncRedisBundle's option
 *   `locking`. Symfony's own handlers for Redis and Memcached never lock.
 * - Reads take no lock: the write that follows is refused if PHP has written in between. Touches take none either, as
 *   they are atomic and leave the data unchanged.
 * - While PHP holds a lock, a change waits. If PHP keeps it for `waitMs`, the change rejects with code `timeout` and
 *   outcome `not-applied`, and nothing was sent.
 * - A lock is a record beside the session, which is only created if there is none and only destroyed by its owner. It
 *   is released when the change succeeds, fails or is aborted. A lock that cannot be released, for instance because the
 *   process has died, expires after `lockSeconds`, and PHP waits until then.
 * - A change takes three round trips instead of one. Changes of one session within a process queue up without polling
 *   the store.
 * - Listings leave out the locks.
 * - Put it around all other decorators except `withTimeout` and `withPolicy`. A `withRetry` around it would repeat the
 *   waits. `withHashedKeys` and `withEncryption` produce records that PHP cannot read.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function withPhpLocks<H extends SessionHandler>(handler: H, options: PhpLocksOptions): Decorated<H> {
  checkOptionNames("withPhpLocks", options, ["style", "prefix", "waitMs", "lockSeconds", "clock", "random"]);
  const { style, prefix, waitMs = 5000, lockSeconds = 10, clock = systemClock, random = Math.random } = options;
  if (!phpLockStyles.includes(style)) throw new TypeError(`\`style\` must be one of ${phpLockStyles.join(", ")}.`);
  if (prefix !== undefined && typeof prefix !== "string") throw new TypeError("`prefix` must be a string.");
  checkCount("waitMs", waitMs, 0, MAX_DELAY_MS);
  checkCount("lockSeconds", lockSeconds, 1, MAX_LOCK_SECONDS);
  checkClock(clock);
  if (typeof random !== "function") throw new TypeError("`random` must be a function.");
  const keys = lockKeysOf(style, prefix);
  const limited = withTimeout(handler, { timeoutMs: lockSeconds * 500, clock });
  const locks = new SessionLocks(limited, { waitMs, lockSeconds, clock, random });

  return decorateHandler(limited, {
    operation(operation, next) {
      const lockKey = lockKeyOf(operation, keys);
      if (lockKey !== undefined) return locks.hold(lockKey, operation, next);
      return operation.kind === "list" ? next().then((answer) => withoutLocks(answer, keys)) : next();
    },
    async close(next) {
      await locks.close();
      await next();
    },
  }) as Decorated<H>; // `limited` has the methods of the handler
}

/** Maximum life of a lock in seconds, which is how long PHP waits for a process that has died. */
const MAX_LOCK_SECONDS = 3600;

function lockKeyOf({ kind, id }: Operation, keys: LockKeys): string | undefined {
  return (kind === "write" || kind === "destroy") && id !== undefined ? keys.lockKeyOf(id) : undefined;
}

function withoutLocks<T>(answer: T, { isLockKey }: LockKeys): T {
  const page = answer as SessionPage; // as the kind of the operation implies, here and below
  return page.ids.some(isLockKey) ? ({ ...page, ids: page.ids.filter((id) => !isLockKey(id)) } as T) : answer;
}
