import { createSessionManager, type SessionManager } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { symfonyFormat } from "sessionwire/symfony";
import { expect, test } from "vitest";
import { openScene } from "./scene.ts";

const { server } = await openScene();
const format = symfonyFormat({ serializer: "php", preset: "symfony-memcached" });

test("a session lies where Symfony's handler for Memcached looks for it", async () => {
  await using sessions = open();
  const session = await sessions.create();
  session.set("name", "Ann");
  await session.save();
  const [line, text] = await server.command(`get sf2s${session.id}`);
  expect(line).toBe(`VALUE sf2s${session.id} 0 ${text?.length}`); // 0: PHP takes it for a string
  expect(text).toMatch(/^_sf2_attributes\|a:1:\{s:4:"name";s:3:"Ann";\}_sf2_meta\|/);
});

test("two managers that change different attributes lose nothing, and each counts once (laws 85, 87)", async () => {
  await using one = open();
  await using other = open();
  const session = await one.create();
  session.set("kept", 1);
  await session.save();
  const count = async (sessions: SessionManager, name: string) => {
    for (let times = 0; times < 100; times += 1) {
      await sessions.update(session.id, (draft) => {
        draft.update(name, (n) => Number(n ?? 0) + 1);
        draft.flash.add(name, times);
      });
    }
  };
  await Promise.all([count(one, "one"), count(other, "other")]);
  const found = await one.open(session.id);
  expect([found?.get("one"), found?.get("other"), found?.get("kept")]).toEqual([100, 100, 1]);
  expect([found?.flash.peek("one").length, found?.flash.peek("other").length]).toEqual([100, 100]);
});

test("a session that is signed out stays so, whatever another manager has under way (law 92)", async () => {
  await using one = open();
  await using other = open();
  for (let times = 0; times < 50; times += 1) {
    const session = await one.create();
    session.set("a", 1);
    await session.save();
    const held = await other.open(session.id);
    held?.set("a", 2);
    await Promise.allSettled([
      one.destroy(session.id),
      held?.save(),
      other.update(session.id, (draft) => draft.set("b", 1)),
    ]);
    expect(await one.open(session.id)).toBeUndefined();
    held?.set("a", 3);
    await expect(held?.save()).rejects.toMatchObject({ code: "gone" });
  }
});

function open(): SessionManager {
  return createSessionManager({ handler: createMemcachedHandler(server.address), format });
}
