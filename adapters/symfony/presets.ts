/**
 * The save handler by which PHP stores its sessions, which determines the key and the time to live.
 *
 * @remarks
 * - `"symfony-redis"`: Symfony's `RedisSessionHandler`, `sf_s` and the id.
 * - `"symfony-memcached"`: Symfony's `MemcachedSessionHandler`, `sf2s` and the id.
 * - `"phpredis"`: `session.save_handler = redis`, `PHPREDIS_SESSION:` and the id.
 * - `"memcached"`: `session.save_handler = memcached`, `memc.sess.key.` and the id.
 * - `"snc"`: SncRedisBundle before its version 4, `session` and the id. The time to live is the longer of
 *   `gc_maxlifetime` and `cookie_lifetime`. From version 4 on, applications use `"symfony-redis"`.
 *
 * @public
 */
export type PhpPreset = "symfony-redis" | "symfony-memcached" | "phpredis" | "memcached" | "snc";

/** The rules of a save handler. */
export interface SaveHandler {
  readonly prefix: string;
  /** Maximum length of a key in bytes. */
  readonly maxKeyBytes: number;
  /** `true` if a session lives at least as long as its cookie. */
  readonly livesAsCookie: boolean;
}

const redis = { maxKeyBytes: Number.POSITIVE_INFINITY, livesAsCookie: false };
/** PHP's client refuses longer keys. The handler for Memcached would hash them, so PHP would not find the session. */
const memcached = { maxKeyBytes: 250, livesAsCookie: false };

const saveHandlers: Readonly<Record<PhpPreset, SaveHandler>> = {
  "symfony-redis": { ...redis, prefix: "sf_s" },
  "symfony-memcached": { ...memcached, prefix: "sf2s" },
  phpredis: { ...redis, prefix: "PHPREDIS_SESSION:" },
  memcached: { ...memcached, prefix: "memc.sess.key." },
  snc: { ...redis, prefix: "session", livesAsCookie: true },
};

/** Returns the rules of a preset. Throws a `TypeError` for any other name. */
export function saveHandlerOf(preset: PhpPreset): SaveHandler {
  if (Object.hasOwn(saveHandlers, preset)) return saveHandlers[preset];
  throw new TypeError(`preset must be one of ${Object.keys(saveHandlers).join(", ")}, not ${JSON.stringify(preset)}.`);
}
