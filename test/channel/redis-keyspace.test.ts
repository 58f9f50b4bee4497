// @module-tag real-time

import { RedisStore } from "connect-redis";
import { createClient } from "redis";
import { createSessionManager, expressFormat, type SessionEvent } from "sessionwire";
import { createRedisChannel, createRedisHandler, createRedisKeyspaceChannel } from "sessionwire/redis";
import { describe, expect, test, vi } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { startRedis } from "../servers/redis-server.ts";
import { hear } from "./hearing.ts";
import { FOUND_OUT_MS, soon } from "./redis.ts";

expectNoEscapes();

const sending = ["--notify-keyspace-events", "Egxe"];
const patient = { timeout: FOUND_OUT_MS };

describe("every end in Redis is heard, whatever causes it:", () => {
  test("evictions", async () => {
    await using server = await startRedis({
      args: [...sending, "--maxmemory", "3mb", "--maxmemory-policy", "allkeys-lru"],
    });
    await using channel = createRedisKeyspaceChannel(server.url, soon);
    const heard = hear(channel);
    await vi.waitUntil(() => heard.includes("gap"), patient);
    await server.command("set", "sess:old", "x");
    for (let count = 0; !heard.includes("sess:old") && count < 2000; count += 1) {
      await server.command("set", `big:${count}`, "x".repeat(20_000));
    }
    await vi.waitUntil(() => heard.includes("sess:old"), patient);
  });

  test("a sign-out by connect-redis is an event from elsewhere", async () => {
    await using server = await startRedis({ args: sending });
    const client = createClient({ url: server.url });
    await client.connect();
    const store = new RedisStore({ client });
    await using sessions = createSessionManager({
      handler: createRedisHandler(server.url),
      format: expressFormat(),
      channel: createRedisKeyspaceChannel(server.url, { ...soon, keysBeginWith: "sess:" }),
    });
    const events: SessionEvent[] = [];
    sessions.subscribe((event) => events.push(event));
    await vi.waitUntil(() => events.some(({ type }) => type === "gap"), patient);
    await store.set("an-id", { cookie: { originalMaxAge: 60_000 } } as never);
    await store.destroy("an-id");
    const keyHash = sessions.hashOf("sess:an-id");
    await vi.waitUntil(() => events.length > 1, patient);
    expect(events.at(-1)).toEqual({ type: "ended", origin: "elsewhere", keyHash, at: expect.any(Number) });
    await client.close();
  });
});

test("a session that moves is one event here and one there, with both channels", async () => {
  await using server = await startRedis({ args: sending });
  const create = () =>
    createSessionManager({
      handler: createRedisHandler(server.url),
      channel: [createRedisChannel(server.url, soon), createRedisKeyspaceChannel(server.url, soon)],
    });
  await using here = create();
  await using there = create();
  const heard = [here, there].map((sessions) => {
    const events: SessionEvent[] = [];
    sessions.subscribe((event) => events.push(event));
    return events;
  });
  const gaps = (events: SessionEvent[]) => events.filter(({ type }) => type === "gap").length;
  await vi.waitUntil(() => heard.every((events) => gaps(events) >= 2), patient);
  const session = await here.create();
  session.set("a", 1);
  await session.save();
  await session.regenerate();
  await session.destroy();
  const told = (events: SessionEvent[]) =>
    events.filter(({ type }) => type !== "gap").map(({ type, origin }) => `${type} ${origin}`);
  const [events = [], others = []] = heard;
  await vi.waitUntil(() => told(others).length >= 3, patient);
  const control = await there.create();
  control.set("a", 1);
  await control.save();
  await server.command("del", await there.format.keyOf(control.id));
  await vi.waitUntil(() => told(events).includes("ended elsewhere"), patient); // what was held before has been told by then
  expect(told(events).slice(0, 3)).toEqual(["created here", "regenerated here", "ended here"]);
  expect(told(others).slice(0, 3)).toEqual(["created elsewhere", "regenerated elsewhere", "ended elsewhere"]);
  expect(told(events)).toHaveLength(5);
});

describe("a server that does not send the events", () => {
  test("is reported as an error that names the missing flags, until it sends them", async () => {
    await using server = await startRedis({ args: ["--notify-keyspace-events", "Kx"] });
    await using sessions = createSessionManager({
      handler: createRedisHandler(server.url),
      channel: createRedisKeyspaceChannel(server.url, soon),
    });
    const events: SessionEvent[] = [];
    sessions.subscribe((event) => events.push(event));
    await vi.waitUntil(() => events.some(({ type }) => type === "failed"), patient);
    await vi.waitUntil(() => events.filter(({ type }) => type === "gap").length >= 3, patient);
    const failed = events.filter((event) => event.type === "failed");
    expect(failed).toHaveLength(1);
    expect(failed[0]?.error).toMatchObject({ code: "failed" });
    expect(failed[0]?.error.message).toMatch(/notify-keyspace-events is "xK" and lacks the flags Ege\b.*Egxe/);
    expect(await server.command("config", "get", "notify-keyspace-events")).toEqual(["notify-keyspace-events", "xK"]);
    await server.command("config", "set", "notify-keyspace-events", "EA");
    const keyHash = sessions.hashOf("a-key");
    await vi.waitUntil(async () => {
      await server.command("set", "a-key", "x");
      await server.command("del", "a-key");
      return events.some((event) => "keyHash" in event && event.keyHash === keyHash);
    }, patient);
  });

  test("is reported as an error if it does not allow the setting to be read, and is heard all the same", async () => {
    await using server = await startRedis({ args: sending });
    await server.command("acl", "setuser", "app", "on", ">secret", "allkeys", "allchannels", "+@all", "-config");
    const url = server.url.replace("redis://", "redis://app:secret@");
    await using channel = createRedisKeyspaceChannel(url, soon);
    const errors: string[] = [];
    const heard = hear(channel);
    channel.subscribe({
      onMessage() {},
      onKeyEnded() {},
      onGap() {},
      onError: ({ message }) => errors.push(message),
    });
    await vi.waitUntil(() => heard.includes("gap"), patient);
    expect(heard).toContain("error unauthorized");
    expect(errors.join()).toMatch(/cannot be verified.*Egxe/);
    await server.command("set", "a-key", "x");
    await server.command("del", "a-key");
    await vi.waitUntil(() => heard.includes("a-key"), patient);
  });
});

test("invalid options are refused at once", () => {
  const url = "redis://localhost";
  for (const options of [{ everySeconds: 0 }, { everySeconds: Number.NaN }, { pingTimeoutMs: 0 }]) {
    expect(() => createRedisKeyspaceChannel(url, options)).toThrow(RangeError);
    expect(() => createRedisChannel(url, options)).toThrow(RangeError);
  }
  expect(() => createRedisKeyspaceChannel(url, { prefix: 1 as never })).toThrow(TypeError);
  expect(() => createRedisChannel(url, { name: "" })).toThrow(TypeError);
  expect(() => createRedisChannel(url, { channel: "x" } as never)).toThrow("channel");
  expect(() => createRedisChannel("http://localhost")).toThrow(TypeError);
  expect(() => createRedisKeyspaceChannel({ url } as never)).toThrow(TypeError);
});
