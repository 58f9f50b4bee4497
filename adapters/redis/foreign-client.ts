import type { Cluster, ClusterOptions, Redis, RedisOptions } from "ioredis";
import { SourceError } from "./errors.ts";
import { isSafe, type SafeOptions, safeOver } from "./safe-options.ts";

/** A client that the application created. */
export type RedisClient = Redis | Cluster;

/**
 * A client of a fork of ioredis, such as iovalkey, by its distinguishing members. Its duplicates behave like those of
 * ioredis.
 *
 * @public
 */
export interface IoredisFork {
  /** The same as in ioredis. */
  readonly status: string;
  /** The same as in ioredis. */
  readonly options: object;
  /** Creates another client, whose options override those of this one. */
  duplicate(...args: never[]): unknown;
  /** The member that distinguishes it from clients of other kinds. */
  getexBuffer(...args: never[]): unknown;
}

/** Returns the client if it is one; `undefined` otherwise. */
export function clientIn(source: object): RedisClient | undefined {
  if (!("duplicate" in source) || typeof source.duplicate !== "function") return undefined;
  if ("getexBuffer" in source) return source as RedisClient; // a fork has the same methods, although its types differ
  throw new SourceError("The client is not an ioredis client.");
}

export function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster;
}

/**
 * Returns another client of the same kind, whose options are overridden by these.
 *
 * @throws `SourceError` if the duplicate lacks these options, for instance because its class overrides `duplicate`.
 */
export function duplicate(client: Redis, safe: SafeOptions): Redis {
  const copy = client.duplicate(safeOver(client.options, safe));
  if (isSafe(copy, safe)) return copy;
  giveUp(copy);
  throw new SourceError("The `duplicate` of this client ignores the options that it is given.");
}

/** Refuses replicas. A replica answers reads with outdated data, and refuses writes. */
export function refuseReplicas(options: RedisOptions | ClusterOptions): void {
  if (!("role" in options) || options.role !== "slave") return;
  throw new SourceError('Sessions cannot be stored on a replica (`role: "slave"`).');
}

/** Ends a client that may still be connecting and that nobody needs any longer. */
export function giveUp(client: RedisClient): void {
  client.on("error", () => {});
  client.disconnect();
}
