// @module-tag real-time

import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ConnectRedisStore, loadConnectRedis8 } from "../../../bench/tools/peers.ts";
import { called } from "../../express/express-site.ts";
import { type FaultProxy, startProxy } from "../../faults/proxy.ts";
import { expectNoEscapes } from "../../redis/escapes.ts";
import { type RedisServer, startRedis } from "../../servers/redis-server.ts";
import { type Recipe, startRecipe } from "../recipe.ts";
import { type OpenSocket, type SocketProcess, startSocketProcess } from "./processes.ts";
import { patient, TEST_TIMEOUT_MS } from "./scene.ts";

expectNoEscapes();

const SESSIONS = 50;

let server: RedisServer;
let proxy: FaultProxy;
let client: Redis;
let store: ConnectRedisStore;
/** The web application, which knows nothing of this package, with sockets as the example of ws has them. */
let recipe: Recipe;
let sockets: SocketProcess;
beforeAll(async () => {
  server = await startRedis({ args: ["--notify-keyspace-events", "Egxe"] });
  proxy = await startProxy(server);
  const { RedisStore } = await loadConnectRedis8();
  client = new Redis(server.url);
  store = new RedisStore({ client });
  recipe = await startRecipe(store);
  sockets = await startSocketProcess({ store: server.url, keyspace: proxy.url, format: "express" });
});
afterAll(async () => {
  sockets[Symbol.dispose]();
  await recipe[Symbol.asyncDispose]();
  client.disconnect();
  await proxy.close();
  await server.stop();
});

/** Browsers that have signed in, each with a socket. */
async function openBrowsers(): Promise<{ readonly cookie: string; readonly opened: OpenSocket }[]> {
  const cookies = await Promise.all(Array.from({ length: SESSIONS }, () => recipe.signIn()));
  const opened = await sockets.connect(cookies.map((cookie) => ({ id: "", user: "", cookie })));
  return opened.map((each) => ({ cookie: each.session.cookie, opened: each }));
}

const acts = {
  destroy: (cookie: string) => recipe.visit(cookie, (request) => called((done) => request.session.destroy(done))),
  regenerate: (cookie: string) => recipe.visit(cookie, (request) => called((done) => request.session.regenerate(done))),
};

test.each(["destroy", "regenerate"] as const)(
  "a session that connect-redis 8 ends by %s closes its sockets here, and none in the example of ws (law 121)",
  async (act) => {
    const [first, ...browsers] = await openBrowsers();
    const bare = await recipe.connect(first?.cookie ?? "");
    const [stranger] = browsers.splice(0, 1);
    const ending = [first, ...browsers].flatMap((browser) => (browser ? [browser] : []));
    for (const { cookie } of ending) await acts[act](cookie);
    const isOver = () => ending.every(({ opened }) => !opened.client.isOpen);
    await vi.waitUntil(isOver, patient);
    for (const { opened } of ending) expect((await opened.client.closed).code).toBe(1008);
    expect(stranger?.opened.client.isOpen).toBe(true);
    expect(bare.client.isOpen).toBe(true); // it goes on with the session that has ended
    bare.client.socket.terminate();
  },
  TEST_TIMEOUT_MS,
);

test.each([
  ["silent", () => proxy.silence()],
  ["cut off", () => proxy.resetAll()],
])(
  "none is missed by a process that hears the keyspace on a connection that is %s (law 115)",
  async (_, trouble) => {
    const browsers = await openBrowsers();
    trouble();
    for (const [place, { cookie }] of browsers.entries()) await acts[place % 2 ? "destroy" : "regenerate"](cookie);
    await vi.waitUntil(() => browsers.every(({ opened }) => !opened.client.isOpen), patient);
  },
  TEST_TIMEOUT_MS,
);
