import { createSessionManager, type SessionEvent } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { expect, test } from "vitest";

test("a session that another process has moved is gone to who holds it, and has not ended", async () => {
  const handler = createMemoryHandler();
  const [here, elsewhere] = [createSessionManager({ handler }), createSessionManager({ handler })];
  const events: SessionEvent[] = [];
  here.subscribe((event) => events.push(event));
  const created = await elsewhere.create();
  created.set("a", 1);
  await created.save();
  for (const use of ["refresh", "save"] as const) {
    const held = await here.open(created.id);
    held?.set("a", 2);
    await created.regenerate({ graceSeconds: 10 });
    await expect(held?.[use]()).rejects.toMatchObject({ code: "gone" });
    await created.refresh();
  }
  expect(events.filter(({ type }) => type === "ended")).toEqual([]);
  await here.close();
});
