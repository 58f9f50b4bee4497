import { MemoryStore, type Store } from "express-session";
import { Redis } from "ioredis";
import { type SessionHandler, withConnectionCheck } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import { loadConnectRedis8 } from "../tools/peers.ts";

/** The stored content of a session: about 1 KB, in the form of express-session. */
export interface Stored {
  n: number;
  readonly [name: string]: unknown;
}

/** The sessions of a measured server, as each variant accesses them. */
export interface Stores {
  /** By hand: reads and writes the text of a session. */
  get(id: string): Promise<string>;
  set(id: string, text: string): Promise<unknown>;
  readonly expressStore: Store;
  readonly handler: SessionHandler;
  /** Stores these sessions again, with a count of 0, for every variant. */
  fill(ids: readonly string[]): Promise<void>;
  /** Returns the sum of the stored counts. */
  total(ids: readonly string[]): Promise<number>;
}

const ttlSeconds = 86_400;
const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: "/" };
const stored: Stored = { cookie, n: 0, user: { id: 4711, name: "Zoë" }, items: "x".repeat(900) };
const text = JSON.stringify(stored);

export async function connectStores(url: string): Promise<Stores> {
  const raw = new Redis(url);
  const { RedisStore } = await loadConnectRedis8();
  const get = async (id: string) => there(await raw.get(`sess:${id}`));
  const set = (id: string, value: string) => raw.set(`sess:${id}`, value, "EX", ttlSeconds);
  return {
    get,
    set,
    expressStore: new RedisStore({ client: new Redis(url) }),
    handler: withConnectionCheck(createRedisHandler(url)),
    fill: async (ids) => void (await Promise.all(ids.map((id) => set(id, text)))),
    total: async (ids) => sum((await raw.mget(ids.map((id) => `sess:${id}`))).map(there)),
  };
}

/** Creates three stores, of which a variant uses one: only in that one the counts grow. */
export function memoryStores(): Stores {
  const map = new Map<string, string>();
  const expressStore = new MemoryStore();
  const handler = createMemoryHandler();
  const keyOf = (id: string) => `sess:${id}`;
  const readHandler = async (id: string) => {
    const found = await handler.read(keyOf(id));
    return there(found && new TextDecoder().decode(found.data));
  };
  const readExpressStore = (id: string) =>
    new Promise<string>((resolve, reject) =>
      expressStore.get(id, (error, session) => (error ? reject(error) : resolve(JSON.stringify(session)))),
    );
  return {
    get: async (id) => there(map.get(id)),
    set: async (id, value) => map.set(id, value),
    expressStore,
    handler,
    async fill(ids) {
      for (const id of ids) {
        map.set(id, text);
        expressStore.set(id, JSON.parse(text));
        await handler.destroy(keyOf(id));
        await handler.write(keyOf(id), new TextEncoder().encode(text), { replaces: undefined, ttlSeconds });
      }
    },
    async total(ids) {
      const reads = [async (id: string) => there(map.get(id)), readExpressStore, readHandler];
      const totals = reads.map(async (read) => sum(await Promise.all(ids.map(read))));
      return (await Promise.all(totals)).reduce((all, one) => all + one, 0);
    },
  };
}

/** An absent session must not count as a session that was read. */
function there(found: string | null | undefined): string {
  if (found === null || found === undefined) throw new Error("A session of the bench is missing.");
  return found;
}

function sum(texts: readonly string[]): number {
  return texts.reduce((all, one) => all + countIn(JSON.parse(one)), 0);
}

/** Returns the count of a session that was read: a reader without it has not done its work. */
export function countIn({ n }: { readonly n?: unknown }): number {
  if (typeof n !== "number") throw new Error("A session of the bench has no count.");
  return n;
}
