import { Redis } from "@upstash/redis";
import { Redis as CloudflareRedis } from "@upstash/redis/cloudflare";
import { createUpstashHandler, type UpstashClientOptions, type UpstashSource } from "sessionwire/upstash";
import { describe, expect, test, vi } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { create, textOf } from "../redis/session-data.ts";
import { openBareUpstash, openScene } from "./scene.ts";

expectNoEscapes();

const { server, source, handler } = await openScene();

describe("a handler is made from", () => {
  test.each<[string, UpstashSource]>([
    ["a URL and a token", source],
    ["a URL that ends with a slash", { ...source, url: `${source.url}/` }],
    ["a function that makes a client", (options) => new Redis({ ...options, ...source })],
    ["a function that makes the client of Cloudflare", (options) => new CloudflareRedis({ ...options, ...source })],
    [
      "a function that makes a client with more options",
      (options) => new Redis({ ...options, ...source, keepAlive: false }),
    ],
  ])("%s", async (_, given) => {
    await using made = createUpstashHandler(given);
    const { id } = await create(made);
    expect(textOf(await handler.read(id))).toBe("first");
    await made.ping();
  });

  test("the environment", async () => {
    vi.stubEnv("UPSTASH_REDIS_REST_URL", source.url);
    vi.stubEnv("UPSTASH_REDIS_REST_TOKEN", source.token);
    await using made = createUpstashHandler((options) => Redis.fromEnv(options));
    vi.unstubAllEnvs();
    await made.ping();
  });
});

test("a function is called once, with the options that make a client safe", async () => {
  const asked: UpstashClientOptions[] = [];
  await using made = createUpstashHandler((options) => {
    asked.push(options);
    return new Redis({ ...options, ...source });
  });
  await Promise.all([made.ping(), made.ping(), made.reconnect()]);
  expect(asked).toEqual([
    {
      retry: { retries: 0 },
      automaticDeserialization: false,
      enableAutoPipelining: false,
      enableTelemetry: false,
      readYourWrites: true,
      signal: expect.any(Function),
    },
  ]);
});

describe("refused with a TypeError, before anything is sent:", () => {
  const bare = openBareUpstash(source);
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a URL alone", source.url],
    ["a client", bare],
    ["no token", { url: source.url }],
    ["an empty token", { ...source, token: "" }],
    ["a token that is no text", { ...source, token: 5 }],
    ["a token with a line end", { ...source, token: "a\nb" }],
    ["no URL", { token: source.token }],
    ["a URL of another protocol", { ...source, url: "redis://localhost" }],
    ["a URL with a password", { ...source, url: "https://user:secret@localhost" }],
    ["a URL with a token in its query", { ...source, url: "https://localhost?_token=a" }],
    ["a URL with a space", { ...source, url: " https://localhost" }],
    ["another option", { ...source, retry: false }],
    ["a function that makes nothing", () => undefined],
    ["a function that makes something else", () => ({ get() {} })],
    ["a function that makes a promise of a client", async () => bare],
  ])("%s", (_, given) => {
    const before = server.requests.length;
    expect(() => createUpstashHandler(given as UpstashSource)).toThrow(TypeError);
    expect(server.requests.length).toBe(before);
  });

  test.each<[string, Partial<UpstashClientOptions>]>([
    ["its own signal", { signal: () => new AbortController().signal }],
    ["pipelines", { enableAutoPipelining: true } as object],
  ])("a client with %s", (_, options) => {
    const made = (safe: UpstashClientOptions) => new Redis({ ...safe, ...options, ...source });
    expect(() => createUpstashHandler(made)).toThrow(TypeError);
  });

  test("an option of the handler that there is not", () => {
    expect(() => createUpstashHandler(source, { retries: 3 } as object)).toThrow(TypeError);
    expect(() => createUpstashHandler(source, { timeoutMs: 0 })).toThrow(RangeError);
  });
});

test("a client that asks for its signal too late sends nothing", async () => {
  const sent: string[] = [];
  await using made = createUpstashHandler((options) => {
    let isAsked = false;
    return {
      eval: () => Promise.resolve("~-"),
      async ping() {
        if (isAsked) await null; // not when it is tried
        isAsked = true;
        options.signal();
        sent.push("ping");
      },
    };
  });
  await expect(made.ping()).rejects.toMatchObject({ code: "unavailable" });
  expect(sent).toEqual([]);
});
