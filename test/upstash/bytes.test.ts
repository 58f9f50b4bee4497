import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Redis as Ioredis } from "ioredis";
import type { SessionHandler, StoredSession, Version } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { createUpstashHandler } from "sessionwire/upstash";
import { afterAll, describe, expect, test } from "vitest";
import { freshId } from "../redis/session-data.ts";
import { failureOf } from "../redis/settling.ts";
import { expectPlainAnswers } from "./plain-answers.ts";
import { openBareUpstash, openScene } from "./scene.ts";

const { server, source, handler: overHttp } = await openScene({ timeoutMs: 10_000 });
const overTcp = createRedisHandler(server.redis.url, { timeoutMs: 10_000 });
const direct = new Ioredis({ port: server.redis.port, host: "127.0.0.1" });
afterAll(async () => {
  direct.disconnect();
  await overTcp.close();
});

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const everyPair = Uint8Array.from({ length: 2 * 128 * 128 }, (_, index) =>
  index % 2 === 0 ? 128 + Math.floor(index / 256) : 128 + ((index >> 1) % 128),
);

const samples: Record<string, Uint8Array> = {
  nothing: new Uint8Array(),
  "every byte": everyByte,
  "every byte backwards": everyByte.toReversed(),
  "every pair of bytes from 128 on": everyPair,
  "what is no UTF-8": Uint8Array.of(0xc3, 0x28, 0xff, 0xfe, 0xed, 0xa0, 0x80, 0xc2),
  "what is UTF-8 of Latin-1 already": Buffer.from("\u0080\u00ff\u00c3\u00bf"),
  "a byte order mark": Uint8Array.of(0xef, 0xbb, 0xbf, 0x61),
  "a zero": Uint8Array.of(0),
  "a text of base64": Buffer.from("T0s="),
  "an answer of the scripts": Buffer.from("~=0000 x"),
  "an absence": Buffer.from("~-"),
  "an emoji": Buffer.from("\u{1f468}\u200d\u{1f469}"),
  ...Object.fromEntries(
    ["OK", "null", "1", "true", '"a"', "{}", "[]", " ", "\r\n", "%s %d"].map((text) => [
      `the text ${JSON.stringify(text)}`,
      Buffer.from(text),
    ]),
  ),
  "1 MiB of ASCII": new Uint8Array(1_048_576).fill(97),
  "1 MiB of 255": new Uint8Array(1_048_576).fill(255),
  "1 MiB of zeros": new Uint8Array(1_048_576),
};

test("the bare client loses bytes", async () => {
  const id = freshId();
  await direct.set(id, Buffer.from(everyByte));
  const read = await openBareUpstash(source, { automaticDeserialization: false }).get<string>(id);
  expect(Buffer.from(read ?? "")).not.toEqual(Buffer.from(everyByte));
  expect(read).toContain("\ufffd");
});

describe("bytes are stored unchanged (law 3):", () => {
  test.each(Object.entries(samples))("%s", async (_, data) => {
    const id = freshId();
    const version = await create(overHttp, id, data);
    expect((await direct.getBuffer(id))?.equals(data)).toBe(true);
    const other = "other" as Version; // no version of this store
    const write = await overHttp.write(id, new Uint8Array(1), { replaces: other, ttlSeconds: 60 });
    const destroy = await overHttp.destroy(id, { replaces: other });
    const seen = [
      await overTcp.read(id),
      await overHttp.read(id),
      await overHttp.read(id, { ttlSeconds: 50 }),
      write.written ? undefined : write.current,
      destroy.destroyed ? undefined : destroy.current,
    ];
    for (const session of seen) expectSession(session, data, version);
    expect(await overTcp.destroy(id, { replaces: version })).toEqual({ destroyed: true });
  });
});

test("random bytes of any length are returned unchanged", async () => {
  for (let round = 0; round < 60; round += 1) {
    const data = crypto.getRandomValues(new Uint8Array(Math.floor(Math.random() * 3000)));
    const id = freshId();
    const version = await create(overHttp, id, data);
    expectSession(await overTcp.read(id), data, version);
    expectSession(await overHttp.read(id), data, version);
  }
});

describe("HTTP and TCP share one database with the same versions:", () => {
  test.each([
    ["HTTP replaces what TCP has created", overTcp, overHttp],
    ["TCP replaces what HTTP has created", overHttp, overTcp],
  ] as const)("%s", async (_, first, second) => {
    const id = freshId();
    const created = await create(first, id, everyByte);
    const replaced = await second.write(id, everyPair, { replaces: created, ttlSeconds: 60 });
    if (!replaced.written) throw new Error("The write was refused.");
    const refused = await first.write(id, everyByte, { replaces: created, ttlSeconds: 60 });
    if (refused.written) throw new Error("The write was not refused.");
    for (const seen of [await first.read(id), refused.current]) expectSession(seen, everyPair, replaced.version);
    expect(await second.destroy(id, { replaces: replaced.version })).toEqual({ destroyed: true });
    expect(await first.touch(id, 60)).toBe(false);
  });

  test("many writers of both kinds lose no count", async () => {
    const id = freshId();
    await create(overTcp, id, Buffer.from("0"));
    await Promise.all(Array.from({ length: 20 }, (_, index) => increment(index % 2 === 0 ? overTcp : overHttp, id)));
    expect(await direct.get(id)).toBe("20");
  });
});

test.each([
  ["HTTP", overHttp],
  ["TCP", overTcp],
] as const)("the answers of a handler over %s can be spread, cloned and compared", (_, handler) =>
  expectPlainAnswers(handler),
);

test("a listing returns the bytes of the keys, and a key that is not UTF-8 is foreign", async () => {
  await server.redis.command("FLUSHALL");
  await direct.set(Buffer.of(0xff, 0x61), "x");
  await direct.set(Buffer.of(0xc3, 0x28), "x");
  await direct.set("\ufeff\u00e9\u{1f468}", "x");
  await direct.lpush("a list", "x");
  expect(await overHttp.list()).toEqual({ ids: ["\ufeff\u00e9\u{1f468}"], next: undefined });
});

test("bytes changed on the way are not stored", async () => {
  const id = freshId();
  await using proxy = await startRewriter((text) => text.replaceAll("\u00e9", ""));
  await using eating = createUpstashHandler({ ...source, url: proxy.url });
  const options = { replaces: undefined, ttlSeconds: 60 };
  const error = await failureOf(eating.write(id, Uint8Array.of(0x61, 0xe9), options));
  expect(error).toMatchObject({ code: "failed", outcome: "not-applied" });
  expect(await direct.exists(id)).toBe(0);
});

/** Something on the way that changes what is sent. */
async function startRewriter(change: (text: string) => string) {
  const proxy = createServer(async (request, response) => {
    const { authorization = "" } = request.headers;
    const body = change(await text(request));
    const answer = await fetch(source.url, { method: "POST", headers: { authorization }, body });
    response.writeHead(answer.status).end(await answer.text());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, // the address of a TCP server that listens is an object
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

async function create(handler: SessionHandler, id: string, data: Uint8Array): Promise<Version> {
  const result = await handler.write(id, data, { replaces: undefined, ttlSeconds: 60 });
  if (!result.written) throw new Error("There is a session under a fresh id.");
  return result.version;
}

/** Compares bytes at once: by their elements, those of 1 MiB would take half a minute. */
function expectSession(session: StoredSession | undefined, data: Uint8Array, version: Version): void {
  expect(session?.version).toBe(version);
  expect(session && Buffer.compare(session.data, data)).toBe(0);
}

async function increment(handler: SessionHandler, id: string): Promise<void> {
  for (;;) {
    const session = await handler.read(id);
    if (session === undefined) throw new Error("The session is gone.");
    const next = Buffer.from(String(Number(Buffer.from(session.data).toString()) + 1));
    if ((await handler.write(id, next, { replaces: session.version, ttlSeconds: 60 })).written) return;
  }
}
