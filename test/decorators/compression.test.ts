import { type SessionHandler, withCompression } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createReferenceHandler, type Decorate, rejects } from "sessionwire/testing";
import { checkContract, transformingDecoratorContract } from "sessionwire/testing/properties";
import { describe, expect, test } from "vitest";
import { bytes, textOf } from "../redis/session-data.ts";

const creation = { replaces: undefined, ttlSeconds: 60 };
const text = "a session, ".repeat(200);
const compressing: Decorate = (handler) => withCompression(handler, { thresholdBytes: 0 });

describe("any story leaves the data as it was written", () => {
  test.each([0, 10, 1024, Number.POSITIVE_INFINITY])("from %d bytes on", (thresholdBytes) =>
    checkContract(transformingDecoratorContract, {
      decorate: (handler) => withCompression(handler, { thresholdBytes }),
      damage: (stored) =>
        stored[0] === 0xff && stored[1] === 0x78 ? stored.map((byte, at) => (at === 6 ? ~byte : byte)) : stored,
    }),
  );

  test("and a decorator that forgets its mark is found", async () => {
    const write =
      (inner: SessionHandler): SessionHandler["write"] =>
      (id, data, options) =>
        inner.write(id, data[0] === 0xff ? data.subarray(1) : data, options);
    const decorate: Decorate = (handler, clock) => compressing({ ...handler, write: write(handler) }, clock);
    await expect(checkContract(transformingDecoratorContract, { decorate }, { numRuns: 300 })).rejects.toMatchObject({
      law: expect.any(Number),
    });
  });
});

describe("in a store that is in use", () => {
  test("sessions without compression are read, replaced by their version, and then compressed", async () => {
    const inner = createMemoryHandler();
    await inner.write("a", bytes(text), creation);
    const handler = withCompression(inner);
    const found = await handler.read("a");
    expect(textOf(found)).toBe(text);
    const written = await handler.write("a", bytes(text), { replaces: found?.version, ttlSeconds: 60 });
    expect(written).toMatchObject({ written: true });
    expect((await inner.read("a"))?.data.length).toBeLessThan(100);
  });

  test("processes that compress nothing read compressed sessions, and write what old processes read", async () => {
    const inner = createMemoryHandler();
    const [old, first, second] = [inner, withCompression(inner, { thresholdBytes: Infinity }), withCompression(inner)];
    await second.write("a", bytes(text), creation);
    await first.write("b", bytes(text), creation);
    expect([textOf(await first.read("a")), textOf(await old.read("b"))]).toEqual([text, text]);
  });
});

describe("the maximum size", () => {
  test("may exceed that of the handler inside, as far as compression helps", async () => {
    const handler = withCompression(createMemoryHandler({ maxBytes: 1000 }), { maxBytes: 10_000 });
    expect(handler.maxBytes).toBe(10_000);
    await handler.write("a", new Uint8Array(10_000), creation);
    expect((await handler.read("a"))?.data).toEqual(new Uint8Array(10_000));
    await rejects(
      handler.write("b", crypto.getRandomValues(new Uint8Array(10_000)), creation),
      "too-large",
      "not-applied",
    );
    await rejects(handler.write("b", new Uint8Array(10_001), creation), "too-large", "not-applied");
  });

  test("is 16 MiB where the handler inside states none", async () => {
    const { maxBytes: _, ...inner } = createReferenceHandler({ maxBytes: 2 ** 25 });
    const handler = withCompression(inner);
    expect("maxBytes" in handler).toBe(false);
    await handler.write("a", new Uint8Array(2 ** 24), creation);
    expect((await handler.read("a"))?.data.length).toBe(2 ** 24);
    await rejects(handler.write("b", new Uint8Array(2 ** 24 + 1), creation), "too-large", "not-applied");
  });
});

test("options that cannot be used are refused", () => {
  const inner = createMemoryHandler();
  for (const thresholdBytes of [-1, 0.5, Number.NaN, "1" as never, null as never]) {
    expect(() => withCompression(inner, { thresholdBytes })).toThrow(RangeError);
  }
  for (const maxBytes of [0, 0.5, 2 ** 29 + 1, Number.NaN, Infinity]) {
    expect(() => withCompression(inner, { maxBytes })).toThrow(RangeError);
  }
  for (const wrong of [{ threshold: 5 }, 500, null] as never[]) {
    expect(() => withCompression(inner, wrong)).toThrow(TypeError);
  }
});
