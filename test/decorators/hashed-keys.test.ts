import { createHash, createHmac } from "node:crypto";
import { runInNewContext } from "node:vm";
import { createSessionManager, expressFormat, withHashedKeys, withMigration } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { idsOf } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { bytes, textOf } from "../redis/session-data.ts";

const creation = { replaces: undefined, ttlSeconds: 60 };
const ids = ["sess:0123", "sess:\u00e9\u{1f600}", "x".repeat(1024)];

/** The keys that are stored for these ids. */
async function keysWith(options: Parameters<typeof withHashedKeys>[1], ...given: readonly string[]): Promise<string[]> {
  const inner = createMemoryHandler();
  const handler = withHashedKeys(inner, options);
  const keys: string[] = [];
  for (const id of given) {
    await handler.write(id, bytes(id), creation);
    keys.push(...(await idsOf(inner)).filter((key) => !keys.includes(key)));
  }
  return keys;
}

describe("a hashed key", () => {
  test("is the SHA-256 of the key outside, as other programs compute it", async () => {
    const expected = ids.map((id) => `hashed:${createHash("sha256").update(id).digest("base64url")}`);
    expect(await keysWith(undefined, ...ids)).toEqual(expected);
  });

  test.each([["a secret"], [bytes("x".repeat(100))]])("with a secret is its HMAC-SHA-256", async (secret) => {
    const expected = ids.map((id) => `hashed:${createHmac("sha256", secret).update(id).digest("base64url")}`);
    expect(await keysWith({ secret }, ...ids)).toEqual(expected);
  });

  test("takes a secret of another realm, as test runners have them", async () => {
    const secret = runInNewContext("new Uint8Array([1, 2, 3])") as Uint8Array;
    expect(await keysWith({ secret }, "a")).toEqual(await keysWith({ secret: Uint8Array.of(1, 2, 3) }, "a"));
  });

  test("does not change with the bytes of the secret, which the caller may wipe", async () => {
    const secret = bytes("a secret");
    const inner = createMemoryHandler();
    const handler = withHashedKeys(inner, { secret });
    secret.fill(0);
    await handler.write("a", bytes("one"), creation);
    expect(await idsOf(inner)).toEqual(await keysWith({ secret: "a secret" }, "a"));
  });
});

test("a session moves from the key of one secret to that of another", async () => {
  const inner = createMemoryHandler();
  const [old, next] = ["old", "new"].map((secret) => withHashedKeys(inner, { secret })) as [typeof inner, typeof inner];
  await old.write("sess:1", bytes("one"), creation);
  expect(textOf(await withMigration(old, next).read("sess:1"))).toBe("one");
  expect(await idsOf(inner)).toEqual(await keysWith({ secret: "new" }, "sess:1"));
});

test("while sessions move, nobody who has seen a hashed key can use it as an id, unless keys have no prefix", async () => {
  const inner = createMemoryHandler();
  const handler = withMigration(inner, withHashedKeys(inner));
  const sessionsWith = (prefix: string) => createSessionManager({ handler, format: expressFormat({ prefix }) });
  const session = await sessionsWith("sess:").create();
  session.set("user", "Ann");
  await session.save();
  const [seen = ""] = await idsOf(inner);
  expect(seen).toMatch(/^hashed:/);
  expect(await sessionsWith("sess:").open(seen)).toBeUndefined();
  // What docs/hashed-keys.md warns of: there, each side needs a prefix of its own.
  expect((await sessionsWith("").open(seen))?.get("user")).toBe("Ann");
});

test("an unusable option is refused", () => {
  const unchecked = withHashedKeys as (handler: unknown, options?: unknown) => unknown;
  const memory = createMemoryHandler();
  expect(() => unchecked({})).toThrow(TypeError);
  for (const secret of ["", new Uint8Array(), 7, null]) expect(() => unchecked(memory, { secret })).toThrow(/secret/);
  expect(() => unchecked(memory, { secrets: ["a"] })).toThrow(/secrets/);
});
