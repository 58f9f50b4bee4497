import { Redis } from "ioredis";
import { createClient } from "redis";
import { createSessionManager, expressFormat, nativeFormat, type SessionManager } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import type { Attributes } from "../tools/content.ts";
import { type ConnectRedisStore, loadConnectRedis8, loadConnectRedis10 } from "../tools/peers.ts";

/** A store for express-session; each row has its own keys. */
export type OpenStore = (prefix: string) => PromiseStore;

/** The methods that all stores have if no callback is passed. */
export type PromiseStore = Pick<ConnectRedisStore, "get" | "set" | "touch">;

/** All compared variants, each with its own connection. */
export interface Connections {
  readonly raw: Redis;
  readonly stores: readonly { readonly name: string; readonly open: OpenStore }[];
  /** Creates a manager that has not seen any session yet. */
  openNative(): SessionManager<Attributes>;
  openExpress(prefix?: string): SessionManager<Attributes>;
}

export async function connect(url: string): Promise<Connections> {
  const [eight, ten] = await Promise.all([loadConnectRedis8(), loadConnectRedis10()]);
  const client = await createClient({ url }).on("error", rejectsCalls).connect();
  const ioredis = new Redis(url);
  const [ofStore, ofNative, ofExpress] = [createRedisHandler(url), createRedisHandler(url), createRedisHandler(url)];
  const openOurs = (touchEverySeconds: number) => (prefix: string) =>
    createExpressStore(ofStore, { prefix, touchEverySeconds }) as unknown as PromiseStore; // its own types declare the attributes
  return {
    raw: new Redis(url),
    stores: [
      { name: "connect-redis 8 on ioredis", open: (prefix) => new eight.RedisStore({ client: ioredis, prefix }) },
      { name: "connect-redis 10 on node-redis", open: (prefix) => new ten.RedisStore({ client, prefix }) },
      { name: "createExpressStore", open: openOurs(60) },
      { name: "createExpressStore, touched with each read", open: openOurs(0) },
    ],
    openNative: () => createSessionManager<Attributes>({ handler: ofNative, format: nativeFormat() }),
    openExpress: (prefix) =>
      createSessionManager<Attributes>({ handler: ofExpress, format: expressFormat({ prefix }) }),
  };
}

/**
 * Ignores errors of the connection: they make the calls on it reject, which ends the bench, and the server may end
 * before the connection.
 */
function rejectsCalls(): void {}
