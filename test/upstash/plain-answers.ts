import assert from "node:assert/strict";
import type { SessionHandler, Version } from "sessionwire";
import { expect } from "vitest";
import { bytes, create } from "../redis/session-data.ts";

/**
 * Holds the answers of a handler to what their types say: plain objects, however they are copied or compared, and whether or not
 * anybody has asked for their versions before.
 */
export async function expectPlainAnswers(handler: SessionHandler): Promise<void> {
  const { id, version } = await create(handler);
  const options = { replaces: version, ttlSeconds: 60 };
  const stored = { data: bytes("first"), version };
  const created = { written: true, version };
  const write = () => handler.write(id, stored.data, options); // the same bytes, and so the same version
  for (const isAsked of [true, false]) {
    await expectPlain(() => handler.read(id), stored, isAsked);
    await expectPlain(write, created, isAsked);
  }
  const refused = await handler.write(id, bytes("other"), { replaces: undefined, ttlSeconds: 60 });
  expect(refused).toEqual({ written: false, current: stored });
}

async function expectPlain(
  answer: () => Promise<object | undefined>,
  expected: { readonly version: Version },
  isAsked: boolean,
): Promise<void> {
  for (const compare of comparisons) {
    const found = (await answer()) ?? {};
    if (isAsked) expect(found).toHaveProperty("version", expected.version);
    compare(found, expected);
  }
}

const comparisons: readonly ((found: object, expected: object) => void)[] = [
  (found, expected) => expect(found).toEqual(expected),
  (found, expected) => expect(found).toStrictEqual(expected),
  (found, expected) => expect(found).not.toEqual({ ...expected, version: "another" }),
  (found, expected) => assert.deepEqual(found, expected),
  (found, expected) => assert.deepEqual({ ...found }, expected),
  (found, expected) => assert.deepEqual(structuredClone(found), expected),
  (found, expected) => assert.deepEqual({ ...new Proxy(found, {}) }, expected),
  (found, expected) => assert.deepEqual(Object.keys(found), Object.keys(expected)),
];
