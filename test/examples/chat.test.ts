// @module-tag real-time

import { once } from "node:events";
import { connect, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { startMemcached } from "../servers/memcached-server.ts";
import { startRedisCluster } from "../servers/redis-cluster.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { startUpstash } from "../servers/upstash-server.ts";
import { type ChatProcess, failToStartChat, startChat } from "./chat-process.ts";

let chat: ChatProcess;
let server: RedisServer;

beforeAll(async () => {
  [chat, server] = await Promise.all([startChat({}), startRedis()]);
});
afterAll(async () => {
  await chat?.[Symbol.asyncDispose]();
  await server?.stop();
});

interface Post {
  readonly headers?: Record<string, string>;
  readonly fields?: Record<string, string>;
}

/** Sends a form as a program does that takes itself for a browser. */
function post(url: string, { headers = { "Sec-Fetch-Site": "same-origin" }, fields = {} }: Post): Promise<Response> {
  return fetch(url, { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
}

/** Returns the cookie. */
async function signIn(url: string, name: string): Promise<string> {
  const { headers } = await post(`${url}/sign-in`, { fields: { name } });
  return headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

async function pageOf(url: string, cookie: string): Promise<string> {
  return (await fetch(url, { headers: { cookie } })).text();
}

interface Socket {
  readonly news: { readonly type: string; readonly [name: string]: unknown }[];
  readonly closed: Promise<number>;
  send(message: unknown): void;
}

/** Resolves when the chat has welcomed it. */
async function openSocket(url: string, cookie: string): Promise<Socket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/chat`, { headers: { cookie, origin: url } });
  const news: Socket["news"] = [];
  socket.on("message", (data) => news.push(JSON.parse(String(data))));
  await vi.waitUntil(() => news.some(({ type }) => type === "welcome"), { timeout: 20_000 });
  return {
    news,
    closed: once(socket, "close").then(([code]) => Number(code)),
    send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
  };
}

function answersTo({ news }: Socket): { readonly type: string; readonly number: unknown }[] {
  return news.flatMap(({ type, number }) => (type === "done" || type === "failed" ? [{ type, number }] : []));
}

describe("its pages", () => {
  test("escape names in texts and in attributes", async () => {
    const page = await pageOf(chat.url, await signIn(chat.url, `<img src=x onerror="alert('hi')">&`));
    const escaped = "&lt;img src=x onerror=&quot;alert(&#39;hi&#39;)&quot;&gt;&amp;";
    expect(page).not.toContain("<img");
    expect(page).toContain(`<bdi id="greeting">${escaped}</bdi>`);
    expect(page).toContain(`value="${escaped}"`);
  });

  test("allow no scripts or styles but the files", async () => {
    const { headers } = await fetch(chat.url);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
  });

  test("refuse an empty or overlong name", async () => {
    for (const name of ["", "  ", "x".repeat(41)]) {
      const { status, headers } = await post(`${chat.url}/sign-in`, { fields: { name } });
      expect([status, headers.getSetCookie()]).toEqual([400, []]);
    }
    expect((await post(`${chat.url}/sign-in`, {})).status).toBe(400);
    expect((await post(`${chat.url}/sign-in`, { fields: { name: "x".repeat(40) } })).status).toBe(303);
  });

  test.each<[string, Record<string, string>]>([
    ["of another site", { "Sec-Fetch-Site": "cross-site" }],
    ["of another port, which is the same site to a cookie", { "Sec-Fetch-Site": "same-site" }],
    ["of another origin, in a browser that does not tell more", { Origin: "http://localhost:1" }],
    ["that does not say where it comes from", {}],
  ])("take no form %s", async (_, headers) => {
    const cookie = await signIn(chat.url, "Ann");
    expect((await post(`${chat.url}/sign-out`, { headers: { ...headers, cookie } })).status).toBe(403);
    expect(await pageOf(chat.url, cookie)).toContain("Hello, ");
  });

  test("accept their own form, from a browser that sends only the origin", async () => {
    const cookie = await signIn(chat.url, "Ann");
    expect((await post(`${chat.url}/sign-out`, { headers: { cookie, Origin: chat.url } })).status).toBe(303);
    expect(await pageOf(chat.url, cookie)).toContain("Choose a name");
  });

  test("give a new id at each sign-in, and invalidate the old one", async () => {
    const before = await signIn(chat.url, "Ann");
    const headers = { "Sec-Fetch-Site": "same-origin", cookie: before };
    const answer = await post(`${chat.url}/sign-in`, { headers, fields: { name: "Ann" } });
    expect(answer.headers.getSetCookie()[0]?.split(";")[0]).not.toBe(before);
    expect(await pageOf(chat.url, before)).toContain("Choose a name");
  });
});

describe("its sockets", () => {
  test("answer each request, and refuse invalid and overlong ones", async () => {
    const socket = await openSocket(chat.url, await signIn(chat.url, "Ann"));
    socket.send({ type: "say", number: 1, text: "x".repeat(1000) });
    socket.send({ type: "say", number: 2, text: "x".repeat(1001) });
    socket.send({ type: "say", number: 3, text: { length: 3 } });
    socket.send({ type: "rename", number: 4, name: "\u0007" });
    socket.send({ type: "silence", number: 5 });
    await vi.waitUntil(() => answersTo(socket).length === 5, { timeout: 20_000 });
    const types = new Map(answersTo(socket).map(({ number, type }) => [number, type]));
    expect([1, 2, 3, 4, 5].map((number) => types.get(number))).toEqual(["done", ...Array(4).fill("failed")]);
  });

  test("accept a limited number of messages at once", async () => {
    const socket = await openSocket(chat.url, await signIn(chat.url, "Ann"));
    for (let number = 1; number <= 100; number += 1) socket.send({ type: "say", number, text: "again" });
    await vi.waitUntil(() => answersTo(socket).length === 100, { timeout: 20_000 });
    const done = answersTo(socket).filter(({ type }) => type === "done").length;
    expect(done).toBeGreaterThanOrEqual(10);
    expect(done).toBeLessThan(50); // a slow machine gives it time for some more
  });

  test.each(["nonsense", "null", '{"type":"say"}', '{"type":"toString","number":1}'])(
    "are closed with 1003 when they send %s",
    async (message) => {
      const socket = await openSocket(chat.url, await signIn(chat.url, "Ann"));
      socket.send(message);
      expect(await socket.closed).toBe(1003);
    },
  );
});

describe("with another URL, the sessions are stored", () => {
  const stores: Record<string, () => Promise<{ url: string; stop(): Promise<void> }>> = {
    async Memcached() {
      const [one, two] = await Promise.all([startMemcached(), startMemcached()]);
      const stop = async () => void (await Promise.all([one.stop(), two.stop()]));
      return { url: `memcached://${one.address},${two.address}`, stop };
    },
    async Upstash() {
      const upstash = await startUpstash();
      return { url: `upstash+http://${upstash.token}@127.0.0.1:${upstash.port}`, stop: upstash.stop };
    },
    async "a Redis Cluster"() {
      const cluster = await startRedisCluster();
      const nodes = cluster.startupNodes.map(({ host, port }) => `${host}:${port}`).join();
      return { url: `redis+cluster://${nodes}`, stop: cluster.stop };
    },
  };

  test.each(Object.entries(stores))("%s, and is the same chat", async (_, open) => {
    const store = await open();
    await using elsewhere = await startChat({ SESSION_STORE: store.url });
    const cookie = await signIn(elsewhere.url, "Ann");
    const socket = await openSocket(elsewhere.url, cookie);
    socket.send({ type: "rename", name: "Bea", number: 1 });
    await vi.waitUntil(() => answersTo(socket).length === 1, { timeout: 20_000 });
    expect(answersTo(socket)).toEqual([{ type: "done", number: 1 }]);
    expect(await pageOf(elsewhere.url, cookie)).toContain('<bdi id="greeting">Bea</bdi>');
    await post(`${elsewhere.url}/sign-out`, { headers: { "Sec-Fetch-Site": "same-origin", cookie } });
    expect(await socket.closed).toBe(1008);
    expect(elsewhere.output + elsewhere.errors).not.toContain("a-token");
    await store.stop();
  });
});

describe("the program", () => {
  test("ends cleanly, even if a browser keeps sockets and spare connections", async () => {
    await using ending = await startChat({ SESSION_STORE: server.url });
    const socket = await openSocket(ending.url, await signIn(ending.url, "Ann"));
    const inStock = connect(ending.port, "127.0.0.1");
    inStock.on("error", () => {}); // it is cut off
    await once(inStock, "connect");
    await fetch(ending.url); // by now the other connection is known there
    expect(await ending.end()).toBe(0);
    expect(await socket.closed).toBe(1001);
    expect(ending.errors).toBe("");
  });

  test("reports in one sentence that its port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number }; // a TCP server that listens has one
    const { exitCode, errors } = await failToStartChat({ PORT: String(port) });
    other.close();
    expect(exitCode).toBe(1);
    expect(errors).toMatch(new RegExp(`^Port ${port} is taken .*\\n$`));
  });

  test.each([
    ["PORT", "a"],
    ["PORT", "65536"],
    ["ORIGIN", "chat.example"],
    ["IDLE_TIMEOUT_SECONDS", "0"],
    ["SESSION_STORE", "mysql://localhost"],
    ["SESSION_STORE", "redis://127.0.0.1:1"],
  ])("says in one sentence that it can do nothing with %s=%s", async (name, value) => {
    const { exitCode, errors } = await failToStartChat({ [name]: value });
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^\S.*\n$/);
    expect(errors).toMatch(value.startsWith("redis:") ? /127\.0\.0\.1:1 cannot be reached/ : new RegExp(`^${name} `));
  });

  test("warns that sessions in Redis do not survive it without a secret, and not with one", async () => {
    await using without = await startChat({ SESSION_STORE: server.url });
    await using with_ = await startChat({ SESSION_STORE: server.url, SESSION_SECRET: "long enough for a test" });
    expect(without.output).toContain("Set SESSION_SECRET");
    expect(with_.output).not.toContain("SESSION_SECRET");
  });

  test("has no button in production that silences the connection, and does not silence it", async () => {
    const environment = { NODE_ENV: "production", SESSION_STORE: server.url };
    await using inProduction = await startChat(environment);
    await using inDevelopment = await startChat({ SESSION_STORE: server.url });
    const cookie = await signIn(inProduction.url, "Ann");
    expect(await pageOf(inProduction.url, cookie)).not.toContain('id="silence"');
    expect(await pageOf(inDevelopment.url, await signIn(inDevelopment.url, "Ann"))).toContain('id="silence"');
    const socket = await openSocket(inProduction.url, cookie);
    socket.send({ type: "silence", number: 1 });
    await vi.waitUntil(() => answersTo(socket).length === 1, { timeout: 20_000 });
    expect(answersTo(socket)).toEqual([{ type: "failed", number: 1 }]);
  });
});
