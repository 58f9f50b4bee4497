import type { Cluster, ClusterOptions, Redis, RedisOptions } from "ioredis";
import { SourceError } from "./errors.ts";
import { isSafe, type SafeOptions, safeOver } from "./safe-options.ts";

/** A client that somebody else has made. */
export type RedisClient = Redis | Cluster;

/**
 * A client of a fork of ioredis, such as iovalkey: what tells it from other things. Its duplicates do what those of ioredis do.
 *
 * @public
 */
export interface IoredisFork {
  /** As with ioredis. */
  readonly status: string;
  /** As with ioredis. */
  readonly options: object;
  /** Makes another client, with options put over those of this one. */
  duplicate(...args: never[]): unknown;
  /** What tells it from clients of other kinds. */
  getexBuffer(...args: never[]): unknown;
}

/** The client, if it is one; `undefined` for what is none. */
export function clientIn(source: object): RedisClient | undefined {
  if (!("duplicate" in source) || typeof source.duplicate !== "function") return undefined;
  if ("getexBuffer" in source) return source as RedisClient; // a fork has the same methods, which its types do not say
  throw new SourceError("This is a client of another kind than those of ioredis.");
}

export function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster;
}

/**
 * Another client of the same kind, with these options over its own.
 *
 * @throws `SourceError` when what comes of it is a client without them, that of a class with a `duplicate` of its own perhaps.
 */
export function duplicate(client: Redis, safe: SafeOptions): Redis {
  const copy = client.duplicate(safeOver(client.options, safe));
  if (isSafe(copy, safe)) return copy;
  giveUp(copy);
  throw new SourceError("The `duplicate` of this client does not heed the options that it is given.");
}

/** A replica answers reads with what was true some time ago, and refuses writes. */
export function refuseReplicas(options: RedisOptions | ClusterOptions): void {
  if (!("role" in options) || options.role !== "slave") return;
  throw new SourceError('Sessions cannot be kept on a replica (`role: "slave"`).');
}

/** Ends a client that may still be connecting, and in which nobody is interested any more. */
export function giveUp(client: RedisClient): void {
  client.on("error", () => {});
  client.disconnect();
}
