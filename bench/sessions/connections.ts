import { Redis } from "ioredis";
import { createClient } from "redis";
import { createSessionManager, expressFormat, nativeFormat, type SessionManager } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import type { Attributes } from "../tools/content.ts";
import { type ConnectRedisStore, loadConnectRedis8, loadConnectRedis10 } from "../tools/peers.ts";

/** A store for express-session, of which each row has its own keys. */
export type OpenStore = (prefix: string) => PromiseStore;

/** What the stores have in common where no callback is given. */
export type PromiseStore = Pick<ConnectRedisStore, "get" | "set" | "touch">;

/** Everything that is compared, each with one connection of its own. */
export interface Connections {
  readonly raw: Redis;
  readonly stores: readonly { readonly name: string; readonly open: OpenStore }[];
  /** A manager that has seen no session yet. */
  openNative(): SessionManager<Attributes>;
  openExpress(prefix?: string): SessionManager<Attributes>;
}

export async function connect(url: string): Promise<Connections> {
  const [eight, ten] = await Promise.all([loadConnectRedis8(), loadConnectRedis10()]);
  const client = await createClient({ url }).on("error", rejectsCalls).connect();
  const ioredis = new Redis(url);
  const [ofStore, ofNative, ofExpress] = [createRedisHandler(url), createRedisHandler(url), createRedisHandler(url)];
  const openOurs = (touchEverySeconds: number) => (prefix: string) =>
    createExpressStore(ofStore, { prefix, touchEverySeconds }) as unknown as PromiseStore; // its own types know the attributes
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

/** A connection that fails rejects the calls on it, and so ends the bench; the server may end before the connection. */
function rejectsCalls(): void {}
