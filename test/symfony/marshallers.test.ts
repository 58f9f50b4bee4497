import { createMemoryHandler } from "sessionwire/memory";
import { type SodiumMarshallerOptions, withDeflateMarshaller, withSodiumMarshaller } from "sessionwire/symfony";
import { createReferenceHandler, rejects } from "sessionwire/testing";
import { checkContract, transformingDecoratorContract } from "sessionwire/testing/properties";
import { describe, expect, test } from "vitest";
import { countDecompressedBytes } from "../laws/decompressed-bytes.ts";
import { bytes, text } from "../laws/law.ts";
import { sessionFixture } from "./fixtures.ts";
import { keyPairNamed, paperBoxes as sodium } from "./paper-boxes.ts";

const create = { replaces: undefined, ttlSeconds: 60 };
const [oldKey, newKey] = [keyPairNamed("old"), keyPairNamed("new")];
const plain = sessionFixture("marshal-identity").session;

describe("withDeflateMarshaller", () => {
  test("leaves the data as it was written, after any sequence of calls", () =>
    checkContract(
      transformingDecoratorContract,
      { decorate: (handler) => withDeflateMarshaller(handler), damage: (stored) => stored },
      { numRuns: 300 },
    ));

  test("reads what Symfony has stored, with or without its marshaller", async () => {
    const fixture = sessionFixture("marshal-deflate--memcached");
    const inner = createMemoryHandler();
    const handler = withDeflateMarshaller(inner);
    await inner.write("a", fixture.stored, create);
    await inner.write("b", plain, create);
    await handler.write("c", plain, create);
    expect((await handler.read("a"))?.data).toEqual(fixture.session);
    expect((await handler.read("b"))?.data).toEqual(plain);
    expect((await inner.read("c"))?.data.length).toBeLessThan(plain.length / 2);
  });

  test("stops at the maximum size, and does not take a bomb for a plain session", async () => {
    const inner = createMemoryHandler();
    const large = new Uint8Array(16_000_000);
    await withDeflateMarshaller(inner, { maxBytes: large.length }).write("a", large, create);
    using counted = countDecompressedBytes();
    await rejects(withDeflateMarshaller(inner, { maxBytes: 100_000 }).read("a"), "corrupt");
    expect(counted.bytes).toBeLessThan(1_500_000);
    await rejects(withDeflateMarshaller(inner, { maxBytes: large.length - 1 }).read("a"), "corrupt");
    const whole = await withDeflateMarshaller(inner, { maxBytes: large.length }).read("a");
    expect(whole?.data.length).toBe(large.length);
  });

  test("stores whatever has the stated maximum size", async () => {
    for (const maxBytes of [1, 50, 3000, 100_000, 1_048_576]) {
      const handler = withDeflateMarshaller(createMemoryHandler({ maxBytes }));
      const limit = handler.maxBytes ?? 0;
      if (maxBytes > 50) await handler.write("a", noise(limit), create);
      await rejects(handler.write("b", noise(limit + 1), create), "too-large", "not-applied");
    }
    const { maxBytes: _, ...unlimited } = createReferenceHandler({ maxBytes: 2 ** 25 });
    const handler = withDeflateMarshaller(unlimited);
    expect("maxBytes" in handler).toBe(false);
    await rejects(handler.write("a", new Uint8Array(2 ** 24 + 1), create), "too-large", "not-applied");
  });

  test("refuses options that it cannot use", () => {
    for (const maxBytes of [0, 0.5, "1"]) {
      expect(() => withDeflateMarshaller(createMemoryHandler(), { maxBytes } as never)).toThrow(RangeError);
    }
    expect(() => withDeflateMarshaller(createMemoryHandler(), { level: 9 } as never)).toThrow(TypeError);
  });
});

describe("withSodiumMarshaller", () => {
  test("leaves the data as it was written, after any sequence of calls, and stores nothing twice", () =>
    checkContract(
      transformingDecoratorContract,
      {
        decorate: (handler) => withSodiumMarshaller(handler, { keys: [newKey, oldKey], sodium }),
        damage: (stored) => stored,
        neverRepeats: true,
      },
      { numRuns: 300 },
    ));

  test("seals with the first key, opens with any, and takes what none opens as it is", async () => {
    const inner = createMemoryHandler();
    const [before, during, after] = [[oldKey], [newKey, oldKey], [newKey]].map((keys) =>
      withSodiumMarshaller(inner, { keys, sodium }),
    );
    await inner.write("plain", plain, create);
    await before?.write("old", bytes("by the old key"), create);
    await during?.write("new", bytes("by the new key"), create);
    expect(text((await during?.read("old"))?.data)).toBe("by the old key");
    expect(text((await after?.read("new"))?.data)).toBe("by the new key");
    expect((await after?.read("old"))?.data).toEqual((await inner.read("old"))?.data);
    expect((await during?.read("plain"))?.data).toEqual(plain);
  });

  test("stores whatever has the stated maximum size", async () => {
    const handler = withSodiumMarshaller(createMemoryHandler({ maxBytes: 1000 }), { keys: [newKey], sodium });
    expect(handler.maxBytes).toBe(952);
    await handler.write("a", noise(952), create);
    await rejects(handler.write("b", noise(953), create), "too-large", "not-applied");
    expect(
      "maxBytes" in withSodiumMarshaller({ ...createMemoryHandler(), maxBytes: undefined }, { keys: [newKey], sodium }),
    ).toBe(false);
  });

  test("refuses options that it cannot use, and does not repeat a key", () => {
    const make = (options: unknown) => () =>
      withSodiumMarshaller(createMemoryHandler(), options as SodiumMarshallerOptions);
    for (const keys of [[], [new Uint8Array(63)], [newKey, new Uint8Array(32)]]) {
      expect(make({ keys, sodium })).toThrow(RangeError);
    }
    for (const keys of [undefined, newKey, ["a".repeat(64)]]) expect(make({ keys, sodium })).toThrow(TypeError);
    for (const wrong of [undefined, {}, { crypto_box_seal() {} }]) {
      expect(make({ keys: [newKey], sodium: wrong })).toThrow(TypeError);
    }
    expect(make({ keys: [newKey], sodium, key: newKey })).toThrow(TypeError);
  });
});

/** Nothing that compression makes smaller. */
function noise(size: number): Uint8Array {
  const data = new Uint8Array(size);
  for (let start = 0; start < size; start += 65_536) crypto.getRandomValues(data.subarray(start, start + 65_536));
  return data;
}
