import { RedisStore } from "connect-redis";
import { createClient } from "redis";
import { type Clock, type SessionHandler, systemClock } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import { afterAll } from "vitest";
import { type RedisMonitor, type RedisServer, startRedis } from "../servers/redis-server.ts";

/** A kind of store: each handler is a fresh one. */
export type Kind = readonly [name: string, open: () => SessionHandler];

/** A server for the tests of a file, and what they run on. It ends with the file. */
export async function openKinds(): Promise<{ readonly server: RedisServer; readonly kinds: readonly Kind[] }> {
  const server = await startRedis();
  const opened: SessionHandler[] = [];
  const openRedis = () => {
    const handler = createRedisHandler(server.url);
    opened.push(handler);
    return handler;
  };
  afterAll(async () => {
    for (const handler of opened) await handler.close();
    await server.stop();
  });
  const kinds: Kind[] = [
    ["memory", () => createMemoryHandler()],
    ["Redis", openRedis],
  ];
  return { server, kinds };
}

/** The store that this one takes the place of, with the client and the options that it comes with. */
export async function openConnectRedis(url: string): Promise<RedisStore & AsyncDisposable> {
  const client = createClient({ url });
  client.on("error", () => {}); // its calls tell, or do not tell, what is wrong
  await client.connect();
  return Object.assign(new RedisStore({ client }), {
    async [Symbol.asyncDispose]() {
      client.destroy();
    },
  });
}

/** What is stored of a session, as text. */
export async function textIn(handler: SessionHandler, id: string): Promise<string | undefined> {
  const stored = await handler.read(`sess:${id}`);
  return stored && new TextDecoder().decode(stored.data);
}

/** What is stored of a session; `undefined`: nothing. */
export async function storedIn(handler: SessionHandler, id: string): Promise<Record<string, unknown> | undefined> {
  const text = await textIn(handler, id);
  return text === undefined ? undefined : JSON.parse(text);
}

/** The attributes that are stored of a session. */
export async function attributesIn(handler: SessionHandler, id: string): Promise<Record<string, unknown> | undefined> {
  const { cookie, ...attributes } = (await storedIn(handler, id)) ?? {};
  return cookie === undefined ? undefined : attributes;
}

/** Stores just this text, as another program would; in place of what is there. */
export async function putInto(handler: SessionHandler, id: string, text: string, ttlSeconds = 1000): Promise<void> {
  await handler.destroy(`sess:${id}`);
  await handler.write(`sess:${id}`, new TextEncoder().encode(text), { replaces: undefined, ttlSeconds });
}

/** The names of the commands that a server is sent while `act` runs, those about other keys left out. */
export async function commandsDuring(server: RedisServer, id: string, act: () => Promise<unknown>): Promise<string[]> {
  const monitor: RedisMonitor = await server.monitor();
  await act();
  await monitor.caughtUp();
  monitor.stop();
  return monitor.commands
    .filter((words) => words.some((word) => word.includes(id)))
    .map(([name = ""]) => name.toLowerCase().replace(/^eval.*/, "script"));
}

/** The cookie object that express-session starts from. */
export const plainCookie = { originalMaxAge: null, expires: null, httpOnly: true, path: "/" };

/** The time of the machine, which can be made to leap ahead. */
export function createLeapingClock(): Clock & { leap(ms: number): void } {
  let ahead = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    monotonic: () => systemClock.monotonic() + ahead,
    leap(ms) {
      ahead += ms;
    },
  };
}
