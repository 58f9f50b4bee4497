import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { phpMemcachedValue } from "sessionwire/symfony";
import { rejects } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { sessionFixture } from "./fixtures.ts";

const maxBytes = 100_000;
const [PLAIN, ZLIB, FASTLZ] = [0x00, 0x30, 0x50];

/** A compressed value as ext-memcached stores it. */
function value(length: number, compressed: Uint8Array | readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + compressed.length);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes.set(compressed, 4);
  return bytes;
}

const fastLz = (length: number, ...compressed: number[]) =>
  phpMemcachedValue(value(length, compressed), FASTLZ, maxBytes);

describe("a value of ext-memcached", () => {
  test.each([
    ["memcached-nocompress", PLAIN],
    ["memcached-below-threshold", PLAIN],
    ["memcached-zlib", ZLIB],
    ["memcached-fastlz", FASTLZ],
  ])("is the session that PHP has stored: %s", async (name, flags) => {
    const fixture = sessionFixture(name);
    expect(fixture.flags).toBe(flags);
    expect(await phpMemcachedValue(fixture.stored, flags, maxBytes)).toEqual(fixture.session);
  });

  test("is taken as it is without the flag of compression, whatever the flags of applications are", async () => {
    const data = Uint8Array.of(1, 2, 3);
    for (const flags of [0, 0x20, 0x40, 0x60, 0xffff_0000]) {
      expect(await phpMemcachedValue(data, flags, maxBytes)).toEqual(data);
    }
  });

  test("is corrupt if it is no string, or compressed by something unknown", async () => {
    for (const type of [1, 2, 3, 4, 5, 6, 7, 15]) {
      for (const flags of [type, ZLIB + type]) await rejects(phpMemcachedValue(new Uint8Array(9), flags, 9), "corrupt");
    }
    for (const flags of [0x10, 0x90]) await rejects(phpMemcachedValue(new Uint8Array(9), flags, maxBytes), "corrupt");
  });

  test("is corrupt if it claims another length than it has, or more than a session may have", async () => {
    const compressed = deflateSync(new Uint8Array(1000));
    expect(await phpMemcachedValue(value(1000, compressed), ZLIB, 1000)).toEqual(new Uint8Array(1000));
    for (const length of [0, 999, 1001, 2 ** 32 - 1]) {
      await rejects(phpMemcachedValue(value(length, compressed), ZLIB, maxBytes), "corrupt");
    }
    await rejects(phpMemcachedValue(value(1000, compressed), ZLIB, 999), "corrupt");
    const { stored } = sessionFixture("memcached-fastlz");
    await rejects(phpMemcachedValue(stored, FASTLZ, 3109), "corrupt");
  });

  test.each(["memcached-zlib", "memcached-fastlz"])("is corrupt when it is truncated anywhere: %s", async (name) => {
    const { stored, flags = 0 } = sessionFixture(name);
    for (let length = 0; length < stored.length; length += 1) {
      await rejects(phpMemcachedValue(stored.subarray(0, length), flags, maxBytes), "corrupt");
    }
  });
});

describe("FastLZ", () => {
  test("takes over, and repeats what was written, of both levels", async () => {
    const text = async (decoded: Promise<Uint8Array>) => String.fromCharCode(...(await decoded));
    const [a, b, c] = [97, 98, 99];
    for (const level of [0, 0x20]) {
      expect(await text(fastLz(3, level + 2, a, b, c))).toBe("abc");
      expect(await text(fastLz(6, level + 2, a, b, c, 0x20, 2))).toBe("abcabc");
      expect(await text(fastLz(7, level + 0, a, 0x80, 0))).toBe("aaaaaaa");
      expect(await text(fastLz(9, level + 1, a, b, 0xa0, 1))).toBe("ababababa");
    }
    expect(await text(fastLz(10, 0, a, 0xe0, 0, 0))).toBe("a".repeat(10));
    expect(await text(fastLz(265, 0, a, 0xe0, 255, 0))).toBe("a".repeat(265));
    expect(await text(fastLz(265 + 255, 0x20, a, 0xe0, 255, 255, 0, 0))).toBe("a".repeat(520));
  });

  test("repeats from further than 8191 bytes away on level 2", async () => {
    const literals = Array.from({ length: 300 }, (_, block) => [31, ...Array.from({ length: 32 }, () => block % 256)]);
    const [first = [], ...others] = literals;
    const all = [0x20 + 31, ...first.slice(1), ...others.flat()];
    const decoded = await fastLz(9603, ...all, 0x3f, 255, (9599 - 8191) >> 8, (9599 - 8191) & 255);
    expect([...decoded.subarray(9600)]).toEqual([0, 0, 0]);
    expect(decoded.at(9599)).toBe(299 % 256);
  });

  test.each([
    ["nothing", [0]],
    ["an unknown level", [3, 0x42, 1, 2, 3]],
    ["literals that are missing", [3, 2, 1, 2]],
    ["more than it claims", [2, 2, 1, 2, 3]],
    ["less than it claims", [4, 2, 1, 2, 3]],
    ["a repetition from before the beginning", [6, 2, 1, 2, 3, 0x20, 3]],
    ["a repetition without a distance", [6, 2, 1, 2, 3, 0x20]],
    ["a repetition without the rest of its length", [20, 2, 1, 2, 3, 0xe0]],
    ["a repetition beyond the claim", [5, 2, 1, 2, 3, 0x20, 0]],
    ["a length of level 2 that does not end", [600, 0x22, 1, 2, 3, 0xe0, 255, 255]],
    ["a far distance that is missing", [6, 0x22, 1, 2, 3, 0x3f, 255, 0]],
  ] as const)("%s is corrupt", async (_, [length, ...compressed]) => {
    await rejects(fastLz(length, ...compressed), "corrupt");
  });

  test("any bytes become as many as they claim, or are corrupt", async () => {
    const { stored } = sessionFixture("memcached-fastlz");
    const changed = fc
      .tuple(fc.array(fc.tuple(fc.nat(stored.length - 5), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat(4000))
      .map(([changes, length]) => {
        const compressed = stored.slice(4);
        for (const [at, byte] of changes) compressed[at] = byte;
        return value(length < 2000 ? 3110 : length, compressed);
      });
    const any = fc.tuple(fc.nat(300), fc.uint8Array({ maxLength: 60 })).map(([length, bytes]) => value(length, bytes));
    let decoded = 0;
    const property = fc.asyncProperty(fc.oneof(changed, any), async (bytes) => {
      const claimed = new DataView(bytes.buffer).getUint32(0, true);
      const result = await phpMemcachedValue(bytes, FASTLZ, maxBytes).catch((error: { code: string }) => error.code);
      if (result === "corrupt") return;
      expect(result).toHaveLength(claimed);
      decoded += 1;
    });
    await fc.assert(property, { numRuns: 20_000 });
    expect(decoded).toBeGreaterThan(100);
  });

  test("takes time in proportion to the bytes that it reads and writes", async () => {
    const length = 10_000_000;
    const chain = value(length, [0x20, 1, 0xe0, ...new Array(Math.floor(length / 255)).fill(255), 0, 0]);
    const start = performance.now();
    await rejects(phpMemcachedValue(chain, FASTLZ, length), "corrupt");
    const literal = value(length, new Array(300_000).fill(0));
    await rejects(phpMemcachedValue(literal, FASTLZ, length), "corrupt");
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
