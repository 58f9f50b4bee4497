import { Redis } from "@upstash/redis";
import { createUpstashHandler } from "sessionwire/upstash";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytes, freshId, textOf } from "../redis/session-data.ts";
import { startUpstash, type UpstashServer } from "../servers/upstash-server.ts";

let server: UpstashServer;
beforeAll(async () => {
  server = await startUpstash();
});
afterAll(() => server.stop());

test("an operation is one request, a refused one as well (law 36)", async () => {
  await using handler = createUpstashHandler(server);
  const id = freshId();
  const create = { replaces: undefined, ttlSeconds: 60 };
  const written = await handler.write(id, bytes("one"), create);
  if (!written.written) throw new Error("There is a session under a fresh id.");
  const operations = [
    () => handler.read(id),
    () => handler.read(id, { ttlSeconds: 60 }),
    () => handler.write(id, bytes("two"), create),
    () => handler.touch(id, 60),
    () => handler.destroy(id, { replaces: written.version }),
    () => handler.destroy(id),
    () => handler.list(),
    () => handler.ping(),
    () => handler.reconnect(),
  ];
  for (const operation of operations) {
    server.requests.length = 0;
    await operation();
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.path).toBe("/");
  }
});

test("operations at the same time are requests of their own, so that one that fails fails alone", async () => {
  await using handler = createUpstashHandler(server);
  server.requests.length = 0;
  await Promise.all([1, 2, 3].map(() => handler.read(freshId())));
  expect(server.requests.map(({ path }) => path)).toEqual(["/", "/", "/"]);
});

test("a request says what the ones before have seen, and nothing about the machine", async () => {
  await using handler = createUpstashHandler(server);
  await handler.read("a");
  await handler.read("a");
  const [first, second] = server.requests.slice(-2);
  expect(first?.headers["upstash-sync-token"]).toBe("");
  expect(second?.headers["upstash-sync-token"]).toMatch(/^after \d+$/);
  expect(Object.keys(second?.headers ?? {}).filter((name) => name.includes("telemetry"))).toEqual([]);
});

describe("a source", () => {
  const { url, token } = { url: "https://a.upstash.io", token: "abc" };

  test("may be a function that makes a client with the options it is given", async () => {
    const seen: object[] = [];
    await using handler = createUpstashHandler((options) => {
      seen.push(options);
      return new Redis({ ...options, url: server.url, token: server.token });
    });
    const id = freshId();
    await handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds: 60 });
    expect(textOf(await handler.read(id))).toBe("x");
    expect(seen).toMatchObject([
      { retry: { retries: 0 }, automaticDeserialization: false, enableAutoPipelining: false },
    ]);
  });

  test.each([
    ["a client", new Redis({ url, token })],
    ["a text", "https://a.upstash.io"],
    ["nothing", undefined],
    ["no URL", { token }],
    ["a URL of Redis", { url: "rediss://a.upstash.io:6379", token }],
    ["a URL with a blank", { url: `${url} `, token }],
    ["no token", { url }],
    ["a token with a line end", { url, token: "a\nb" }],
    ["a function that makes something else", () => ({})],
  ])("is refused when it is %s", (_, source) => {
    expect(() => createUpstashHandler(source as never)).toThrow(TypeError);
  });

  test("that is refused is not quoted, as it may contain a password", () => {
    const secret = "to-be-kept-secret";
    for (const source of [
      { url: `ftp://${secret}@host`, token },
      { url, token: `${secret}\n` },
    ]) {
      expect(() => createUpstashHandler(source)).toThrow(/^(?!.*secret)/s);
    }
  });

  test("takes the options of every handler, and no others", () => {
    expect(() => createUpstashHandler({ url, token }, { timeoutMs: 0 })).toThrow(RangeError);
    expect(() => createUpstashHandler({ url, token }, { prefix: "app" })).toThrow(RangeError);
    expect(() => createUpstashHandler({ url, token }, { retries: 3 } as never)).toThrow(TypeError);
  });
});
