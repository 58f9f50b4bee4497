import { join } from "node:path";
import { createSessionManager } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { rejects } from "sessionwire/testing";
import { afterAll, expect, test } from "vitest";
import { programsOf, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/own-format.md");
const folder = await writePrograms(programs);
afterAll(() => folder[Symbol.asyncDispose]());

const { pairsFormat } = (await import(join(folder.path, "pairs-format.ts"))) as { pairsFormat(): SessionFormat };

function openSessions() {
  const handler = createMemoryHandler();
  return { handler, sessions: createSessionManager({ handler, format: pairsFormat() }) };
}

async function write(handler: ReturnType<typeof createMemoryHandler>, id: string, text: string): Promise<void> {
  const written = await handler.write(`pairs:${id}`, new TextEncoder().encode(text), {
    replaces: (await handler.read(`pairs:${id}`))?.version,
    ttlSeconds: 60,
  });
  expect(written.written).toBe(true);
}

test("a session works with a custom format made of the parts of the package", async () => {
  const { handler, sessions } = openSessions();
  const session = await sessions.create();
  session.set("cart", ["apple"]);
  session.set("__proto__", { admin: true });
  session.flash.add("notice", "Saved.");
  await session.save();
  const stored = await handler.read(`pairs:${session.id}`);
  expect(JSON.parse(new TextDecoder().decode(stored?.data))).toEqual({
    pairs: [
      ["cart", ["apple"]],
      ["__proto__", { admin: true }],
    ],
    flashes: { notice: [[expect.any(String), "Saved."]] },
  });
  await sessions.update(session.id, (draft) => draft.update("count", (count) => Number(count ?? 0) + 1));
  const same = await sessions.open(session.id);
  expect(same?.get("count")).toBe(1);
  expect(same?.flash.take("notice")).toEqual(["Saved."]);
  await same?.save();
  expect((await sessions.open(session.id))?.flash.peek("notice")).toEqual([]);
});

test("two concurrent changes of one session are both kept", async () => {
  const { sessions } = openSessions();
  const session = await sessions.create();
  await session.save();
  session.set("first", 1);
  await session.save();
  const [one, other] = [await sessions.open(session.id), await sessions.open(session.id)];
  one?.set("one", 1);
  other?.set("other", 2);
  await Promise.all([one?.save(), other?.save()]);
  const same = await sessions.open(session.id);
  expect([same?.get("first"), same?.get("one"), same?.get("other")]).toEqual([1, 1, 2]);
});

test("stored data of another format is corrupt, and nothing of it appears in the error", async () => {
  const { handler, sessions } = openSessions();
  const id = sessions.format.createId();
  for (const text of [
    "SECRET",
    "[]",
    '{"pairs":[]}',
    '{"pairs":{},"flashes":{}}',
    '{"pairs":[["SECRET"]],"flashes":{}}',
    '{"pairs":[["a",1,2]],"flashes":{}}',
    '{"pairs":[["a",1],["a",2]],"flashes":{}}',
    '{"pairs":[["a",1e999]],"flashes":{}}',
    '{"pairs":[],"pairs":[],"flashes":{}}',
    '{"pairs":[],"flashes":[]}',
    '{"pairs":[],"flashes":{"notice":[["SECRET"]]}}',
    '{"pairs":[],"flashes":{"notice":[[1,"x"]]}}',
    '{"pairs":[],"flashes":{"notice":"SECRET"}}',
  ]) {
    await write(handler, id, text);
    expect(String(await rejects(sessions.open(id), "corrupt", "any"))).not.toContain("SECRET");
  }
});
