import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Store } from "express-session";
import { obtainPackages } from "../../test/fixtures/npm-packages.ts";

/**
 * The packages that only the benches need, for comparison: those of `bench/peers/package.json`. npm installs them on
 * first use, into a folder below `node_modules/.cache`.
 */
export function setup(): void {
  obtainPackages(join(import.meta.dirname, "../peers"));
}

/** A store of connect-redis: its methods return promises if no callback is passed. */
export type ConnectRedisStore = Store & {
  get(id: string): Promise<unknown>;
  set(id: string, session: unknown): Promise<unknown>;
  touch(id: string, session: unknown): Promise<unknown>;
};

interface ConnectRedis {
  readonly RedisStore: new (options: { client: unknown; prefix?: string; ttl?: number }) => ConnectRedisStore;
}

/** The last version that accepts a client of ioredis. */
export function loadConnectRedis8(): Promise<ConnectRedis> {
  return loadPeer("connect-redis-8");
}

/** Its package requires Node 22, but it runs on 20. */
export function loadConnectRedis10(): Promise<ConnectRedis> {
  return loadPeer("connect-redis-10");
}

/**
 * Loads a package of `bench/peers/package.json`, whose types are not installed: the caller declares the part it uses.
 */
export async function loadPeer<Module>(name: string): Promise<Module> {
  const folder = obtainPackages(join(import.meta.dirname, "../peers"));
  return import(pathToFileURL(createRequire(join(folder, "index.js")).resolve(name)).href);
}
