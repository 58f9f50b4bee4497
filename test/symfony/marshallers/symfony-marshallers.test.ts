import fc from "fast-check";
import type { SessionHandler } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { withDeflateMarshaller, withSodiumMarshaller } from "sessionwire/symfony";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytes } from "../../laws/law.ts";
import { sessionFixtures } from "../fixtures.ts";
import { loadLibSodium } from "../libsodium.ts";
import { type PhpMarshallers, startPhpMarshallers } from "./php-marshallers.ts";

const create = { replaces: undefined, ttlSeconds: 60 };
const sodium = await loadLibSodium();
let php: PhpMarshallers;
beforeAll(() => {
  php = startPhpMarshallers();
});
afterAll(() => php[Symbol.dispose]());

const sessions = sessionFixtures.map(({ session }) => session).filter(({ length }) => length < 20_000);
const values = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc.string({ maxLength: 3000 }).map(bytes),
  fc.constantFrom(...sessions),
);

describe.each(["deflate", "sodium"] as const)("the marshaller of %s", (name) => {
  /** Puts the marshaller around a store. PHP has the same keys. */
  async function setUp() {
    const keys = name === "sodium" ? [await php.createKeyPair(), await php.createKeyPair()] : undefined;
    const inner = createMemoryHandler();
    const decorate = (handler: SessionHandler) =>
      keys ? withSodiumMarshaller(handler, { keys, sodium }) : withDeflateMarshaller(handler);
    return { inner, handler: decorate(inner), keys };
  }

  test("reads what Symfony's has stored, and stores what Symfony's reads", async () => {
    const { inner, handler, keys } = await setUp();
    const property = fc.asyncProperty(values, async (value) => {
      await handler.destroy("a");
      await inner.write("a", await php.marshall(value, keys), create);
      expect((await handler.read("a"))?.data).toEqual(value);
      await handler.destroy("a");
      await handler.write("a", value, create);
      const stored = (await inner.read("a"))?.data ?? new Uint8Array();
      expect(stored).not.toEqual(value);
      expect(await php.unmarshall(stored, keys)).toEqual(value);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  test("takes any session that was stored without it as it is, as Symfony's does", async () => {
    const { inner, handler, keys } = await setUp();
    for (const session of sessions) {
      await handler.destroy("a");
      await inner.write("a", session, create);
      const { data } = (await handler.read("a")) ?? {};
      expect(data).toEqual(session);
      expect(await php.unmarshall(session, keys)).toEqual(data);
    }
  });

  // PHP also decompresses what is truncated, or has something behind it: neither is ever stored.
  test("takes any bytes as they are, or makes of them what Symfony's makes", async () => {
    const { inner, handler, keys } = await setUp();
    const property = fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (value) => {
      await handler.destroy("a");
      await inner.write("a", value, create);
      const { data } = (await handler.read("a")) ?? {};
      if (Buffer.compare(data ?? new Uint8Array(), value) === 0) return;
      expect(data).toEqual(await php.unmarshall(value, keys));
    });
    await fc.assert(property, { numRuns: 1000 });
  });
});

test("what Symfony has sealed by an earlier key is opened by it", async () => {
  const [newKey, oldKey] = [await php.createKeyPair(), await php.createKeyPair()];
  const inner = createMemoryHandler();
  const handler = withSodiumMarshaller(inner, { keys: [newKey, oldKey], sodium });
  await inner.write("a", await php.marshall(bytes("a|i:1;"), [oldKey]), create);
  const session = await handler.read("a");
  expect(session?.data).toEqual(bytes("a|i:1;"));
  await handler.write("a", bytes("a|i:2;"), { replaces: session?.version, ttlSeconds: 60 });
  const stored = (await inner.read("a"))?.data ?? new Uint8Array();
  expect(await php.unmarshall(stored, [newKey])).toEqual(bytes("a|i:2;"));
});
