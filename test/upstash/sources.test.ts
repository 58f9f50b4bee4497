import { Redis } from "@upstash/redis";
import { Redis as CloudflareRedis } from "@upstash/redis/cloudflare";
import { createUpstashHandler, type UpstashSource } from "sessionwire/upstash";
import { describe, expect, test, vi } from "vitest";
import { expectRefusal, expectToKeepSessions, secret } from "../conformance/sources.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { create, textOf } from "../redis/session-data.ts";
import { openBareUpstash, openScene } from "./scene.ts";

expectNoEscapes();

const { server, source, handler } = await openScene();

describe("a handler is made from", () => {
  test.each<[string, UpstashSource]>([
    ["a URL and a token", source],
    ["a URL that ends with a slash", { ...source, url: `${source.url}/` }],
    ["a client", new Redis(source)],
    ["a client whose URL ends with a slash", new Redis({ ...source, url: `${source.url}/` })],
    ["a client of Cloudflare", new CloudflareRedis(source)],
    ["a function that makes a client", () => new Redis(source)],
    ["a function that names a URL and a token", () => source],
  ])("%s", async (_, given) => {
    await expectToKeepSessions(createUpstashHandler(given));
    await using made = createUpstashHandler(given);
    const { id } = await create(made);
    expect(textOf(await handler.read(id))).toBe("first");
  });

  test("a client of the environment", async () => {
    vi.stubEnv("UPSTASH_REDIS_REST_URL", source.url);
    vi.stubEnv("UPSTASH_REDIS_REST_TOKEN", source.token);
    const client = Redis.fromEnv();
    vi.unstubAllEnvs();
    await using made = createUpstashHandler(client);
    await made.ping();
  });
});

test("a function is called once", async () => {
  const make = vi.fn(() => source);
  await using made = createUpstashHandler(make);
  await Promise.all([made.ping(), made.ping(), made.reconnect()]);
  expect(make).toHaveBeenCalledTimes(1);
});

describe("refused with a TypeError, before anything is sent:", () => {
  const bare = openBareUpstash(source);
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a URL alone", source.url],
    ["a client around another one", { eval: () => bare.ping(), ping: () => bare.ping() }],
    ["a client around a requester", new Redis({ request: async () => ({}) })],
    ["a client without a token", new Redis({ url: source.url, token: undefined })],
    ["a client without a URL", new Redis({ url: undefined, token: source.token })],
    ["no token", { url: source.url }],
    ["an empty token", { ...source, token: "" }],
    ["a token that is no text", { ...source, token: 5 }],
    ["a token with a line end", { ...source, token: "a\nb" }],
    ["no URL", { token: source.token }],
    ["a URL of another protocol", { ...source, url: "redis://localhost" }],
    ["a URL with a password", { ...source, url: `https://user:${secret}@localhost` }],
    ["a URL with a token in its query", { ...source, url: `https://localhost?_token=${secret}` }],
    ["a URL with a space", { ...source, url: " https://localhost" }],
    ["another option", { ...source, retry: false }],
    ["a function that makes nothing", () => undefined],
    ["a function that makes something else", () => ({ get() {} })],
    ["a function that makes a promise of a client", async () => bare],
    ["a function that makes a function", () => () => bare],
  ])("%s", (_, given) => {
    const before = server.requests.length;
    expectRefusal(() => createUpstashHandler(given as UpstashSource), TypeError);
    expect(server.requests.length).toBe(before);
  });

  test("an unknown option of the handler", () => {
    expect(() => createUpstashHandler(source, { retries: 3 } as object)).toThrow(TypeError);
    expect(() => createUpstashHandler(source, { timeoutMs: 0 })).toThrow(RangeError);
  });
});
