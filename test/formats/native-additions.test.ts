import { createSessionManager, nativeFormat } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createVirtualClock } from "sessionwire/testing";
import { expect, test } from "vitest";

const format = nativeFormat();

/** A session with an attribute that ends and a limit of its own, and what stands in the store. */
async function start() {
  const clock = createVirtualClock();
  const handler = createMemoryHandler({ clock });
  const sessions = createSessionManager({ handler, clock });
  const session = await sessions.create();
  session.set("kept", 1);
  session.set("code", "1234", { ttlSeconds: 10 });
  session.metadata.set("idleTimeoutSeconds", 3600);
  await session.save();
  const key = await format.keyOf(session.id);
  const read = async () => JSON.parse(new TextDecoder().decode((await handler.read(key))?.data));
  /** Writes as another program does. */
  const write = async (json: object) => {
    const found = await handler.read(key);
    await handler.write(key, encoded(json), { replaces: found?.version, ttlSeconds: 3600 });
  };
  return { clock, sessions, id: session.id, read, write };
}

function encoded(json: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json));
}

test("version 0.4 can read the record, and sees no attribute that ends", async () => {
  const { read, clock } = await start();
  const json = await read();
  expect(Object.keys(json)).toEqual(["v", "createdAt", "updatedAt", "tokens", "attributes", "flashes"]);
  const end = clock.now() + 10_000;
  const additions = { idleTimeoutSeconds: 3600, ending: { code: [end, "1234"] } };
  expect(json.attributes).toEqual({ kept: 1, "@session": additions });
});

test("what version 0.4 has changed counts, and what it does not know stays", async () => {
  const { sessions, id, read, write, clock } = await start();
  const json = await read();
  await write({ ...json, attributes: { ...json.attributes, kept: 2 } });
  expect((await sessions.open(id))?.get("code")).toBe("1234");
  await write({ ...json, attributes: { ...json.attributes, code: "by version 0.4" } });
  await clock.advance(10_000);
  const session = await sessions.open(id);
  expect(session?.get("code")).toBe("by version 0.4");
  expect(session?.ttlSeconds).toBe(3600);
});

test("a record without additions is what it was before", () => {
  const record = { ...format.create(1), attributes: new Map([["a", 1]]) };
  expect(new TextDecoder().decode(format.encode(record))).toBe(
    '{"v":1,"createdAt":1,"updatedAt":1,"tokens":[],"attributes":{"a":1},"flashes":{}}',
  );
});

test.each([
  ["a list", []],
  ["an unknown member", { later: 1 }],
  ["a limit that is none", { idleTimeoutSeconds: 0 }],
  ["a list of ends", { ending: [] }],
  ["an end without a value", { ending: { code: [1] } }],
  ["an end that is no time", { ending: { code: ["1", 1] } }],
])("additions of another form are corrupt: %s", (_, additions) => {
  const attributes = { "@session": additions };
  const data = encoded({ v: 1, createdAt: 1, updatedAt: 1, tokens: [], attributes, flashes: {} });
  expect(() => format.decode(data)).toThrow(expect.objectContaining({ code: "corrupt" }));
});

test("a value of 100 levels may end, too", () => {
  let value: unknown = 1;
  for (let level = 0; level < 100; level += 1) value = [value];
  const attributes = new Map([["deep", value as never]]);
  const data = format.encode({ ...format.create(1), attributes, attributeEnds: new Map([["deep", 2]]) });
  expect(format.decode(data).attributes.get("deep")).toEqual(value);
});

test("an application cannot set the attribute of the additions, or other metadata", async () => {
  const session = await createSessionManager({ handler: createMemoryHandler() }).create();
  expect(() => session.set("@session", 1)).toThrow(TypeError);
  expect(() => session.metadata.set("createdAt", 1)).toThrow(TypeError);
});
