import fc from "fast-check";
import { createMemcachedHandler } from "sessionwire/memcached";
import { phpMemcachedValue } from "sessionwire/symfony";
import { rejects } from "sessionwire/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytes, text } from "../../laws/law.ts";
import { type MemcachedServer, startMemcached } from "../../servers/memcached-server.ts";
import { type PhpMemcachedClient, startPhpMemcachedClient } from "./php-client.ts";

let server: MemcachedServer;
let php: PhpMemcachedClient;
beforeAll(async () => {
  server = await startMemcached();
  php = startPhpMemcachedClient(server.port);
});
afterAll(async () => {
  php[Symbol.dispose]();
  await server.stop();
});

const open = () => createMemcachedHandler(server.address, { decodeValue: phpMemcachedValue });
const ttlSeconds = 1440;
const large = bytes(`t|s:3000:"${"abcdefghij".repeat(300)}";`);

/** What compresses well or badly, repeats itself near and far, and is short or long enough for both levels of FastLZ. */
const values = fc
  .tuple(
    fc.array(
      fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 300, size: "max" }), fc.string({ maxLength: 50 }).map(bytes)),
      {
        minLength: 1,
        maxLength: 12,
      },
    ),
    fc.array(fc.nat(11), { minLength: 1, maxLength: 2500, size: "max" }),
    fc.nat(130_000),
  )
  .map(([pieces, order, maxLength]) => {
    const parts = order.map((place) => pieces[place % pieces.length] ?? new Uint8Array());
    return new Uint8Array(Buffer.concat(parts).subarray(0, maxLength));
  });

describe.each(["fastlz", "zlib"] as const)("a session that ext-memcached compresses by %s", (by) => {
  test("is read, compared and replaced", async () => {
    await using handler = open();
    await php.set("a", large, by);
    expect((await server.command("get a"))[0]).toMatch(by === "zlib" ? /^VALUE a 48 / : /^VALUE a 80 /);
    const session = await handler.read("a");
    expect(session?.data).toEqual(large);
    const refused = await handler.write("a", bytes("other"), { replaces: undefined, ttlSeconds });
    expect(refused).toEqual({ written: false, current: session });
    const replaced = await handler.write("a", bytes("next"), {
      replaces: session?.version,
      ttlSeconds,
    });
    expect(replaced.written).toBe(true);
    expect(await php.get("a")).toEqual(bytes("next"));
    expect((await server.command("get a"))[0]).toMatch(/^VALUE a 0 /);
  });

  test("is the same one after a reconnect, and another one once PHP has written", async () => {
    await using handler = open();
    await php.set("b", large, by);
    const before = await handler.read("b");
    await handler.reconnect();
    await php.set("b", bytes("by PHP"), by);
    const refused = await handler.destroy("b", { replaces: before?.version });
    expect("current" in refused && text(refused.current?.data)).toBe("by PHP");
    await php.set("b", large, by);
    const again = await handler.read("b");
    await handler.reconnect();
    expect(await handler.destroy("b", { replaces: again?.version })).toEqual({ destroyed: true });
  });

  test("is read whatever it is", async () => {
    await using handler = open();
    let compressed = 0;
    const property = fc.asyncProperty(values, async (value) => {
      await php.set("c", value, by);
      const data = (await handler.read("c"))?.data ?? new Uint8Array();
      expect(Buffer.compare(data, value)).toBe(0); // `toEqual` takes a second for large ones
      const [line = ""] = await server.command("get c");
      if (!line.startsWith("VALUE c 0 ")) compressed += 1;
    });
    await fc.assert(property, { numRuns: 200 });
    expect(compressed).toBeGreaterThan(100);
  });
});

test("without the decoder, a compressed session is what is stored; with it, a plain one is as well", async () => {
  await using plain = createMemcachedHandler(server.address);
  await using handler = open();
  await php.set("d", large, "fastlz");
  expect((await plain.read("d"))?.data).not.toEqual(large);
  await php.set("d", large, "plain");
  expect((await handler.read("d"))?.data).toEqual(large);
});

test("what is no string of PHP is corrupt, and changes nothing when it is in the way", async () => {
  await using handler = open();
  for (const json of ["7", "7.5", "true", "[1]"]) {
    await php.setTyped("e", json);
    await rejects(handler.read("e"), "corrupt");
    await rejects(handler.write("e", bytes("x"), { replaces: undefined, ttlSeconds }), "corrupt", "not-applied");
    expect(typeof (await php.get("e"))).toBe("string");
    expect(await handler.destroy("e")).toEqual({ destroyed: true });
  }
});
