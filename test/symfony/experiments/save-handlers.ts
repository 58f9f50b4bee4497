import type { PhpPreset } from "sessionwire/symfony";

/** The configuration by which a Symfony application keeps its sessions. */
export interface SaveHandler {
  /** The name in the table of `docs/symfony.md`. */
  readonly name: string;
  readonly server: "redis" | "memcached";
  /** The class of Symfony, or the `save_handler` of php.ini. */
  readonly handler: "RedisSessionHandler" | "MemcachedSessionHandler" | "php.ini";
  /** The settings of php.ini, in which PORT is replaced by that of the server. */
  readonly settings: Readonly<Record<string, string>>;
  readonly metadataUpdateThreshold: number;
  readonly preset: PhpPreset;
  readonly keyPrefix: string;
  /** The style of its locks, if it has any. */
  readonly lockStyle?: "phpredis" | "memcached";
}

const plain = { settings: {}, metadataUpdateThreshold: 0 };
const withThreshold = { settings: {}, metadataUpdateThreshold: 3600 };

export const redisSessionHandler: SaveHandler = {
  name: "`RedisSessionHandler`",
  server: "redis",
  handler: "RedisSessionHandler",
  preset: "symfony-redis",
  keyPrefix: "sf_s",
  ...plain,
};

export const memcachedSessionHandler: SaveHandler = {
  name: "`MemcachedSessionHandler`",
  server: "memcached",
  handler: "MemcachedSessionHandler",
  preset: "symfony-memcached",
  keyPrefix: "sf2s",
  ...plain,
};

export const redisWithThreshold: SaveHandler = {
  ...redisSessionHandler,
  ...withThreshold,
  name: "`RedisSessionHandler`, `metadata_update_threshold: 3600`",
};

export const memcachedWithThreshold: SaveHandler = {
  ...memcachedSessionHandler,
  ...withThreshold,
  name: "`MemcachedSessionHandler`, `metadata_update_threshold: 3600`",
};

/** The extension of Redis with its lock, for which it waits up to 20 s. */
export const lockingRedis: SaveHandler = {
  name: "`handler_id: null`, `redis.session.locking_enabled = 1`",
  server: "redis",
  handler: "php.ini",
  settings: {
    "session.save_handler": "redis",
    "session.save_path": "tcp://127.0.0.1:PORT",
    "redis.session.locking_enabled": "1",
    "redis.session.lock_expire": "30",
    "redis.session.lock_wait_time": "5000",
    "redis.session.lock_retries": "4000",
  },
  metadataUpdateThreshold: 0,
  preset: "phpredis",
  keyPrefix: "PHPREDIS_SESSION:",
  lockStyle: "phpredis",
};

/** The extension of Memcached, which locks unless it is told not to. */
export const lockingMemcached: SaveHandler = {
  name: "`handler_id: null`, `session.save_handler = memcached`",
  server: "memcached",
  handler: "php.ini",
  settings: {
    "session.save_handler": "memcached",
    "session.save_path": "127.0.0.1:PORT",
    "memcached.sess_lock_expire": "30",
    "memcached.sess_lock_wait_min": "5",
    "memcached.sess_lock_wait_max": "5",
    "memcached.sess_lock_retries": "4000",
  },
  metadataUpdateThreshold: 0,
  preset: "memcached",
  keyPrefix: "memc.sess.key.",
  lockStyle: "memcached",
};
