import { createSessionManager, type SessionHandler } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { expect, test } from "vitest";

const cookie = { originalMaxAge: null, expires: null, httpOnly: true, path: "/" };

test("reading and touching a session asks for no version, which a handler may have to compute", async () => {
  const { handler, asked } = countVersions(createMemoryHandler());
  const sessions = createSessionManager({ handler });
  const created = await sessions.create();
  created.set("n", 1);
  await created.save();
  const session = await sessions.open(created.id);
  await session?.touch();
  expect(session?.get("n")).toBe(1);
  expect(asked()).toBe(0);
  await createSessionManager({ handler }).update(created.id, (draft) => draft.set("n", 2));
  expect(asked()).toBe(1);
});

test("a store for express-session asks for no version until it writes", async () => {
  const { handler, asked } = countVersions(createMemoryHandler());
  const store = createExpressStore(handler);
  await store.set("a", { cookie, n: 1 } as never); // as express-session would have it
  const data = await store.get("a");
  if (data === undefined) throw new Error("The session is gone.");
  await store.touch("a", data);
  expect(asked()).toBe(0);
  await store.set("a", Object.assign(data, { n: 2 }));
  expect(asked()).toBe(1);
});

/** Counts how often somebody asks for the version of what was read. */
function countVersions(inner: SessionHandler) {
  let count = 0;
  const handler: SessionHandler = {
    ...inner,
    async read(...args) {
      const found = await inner.read(...args);
      return (
        found && {
          data: found.data,
          get version() {
            count += 1;
            return found.version;
          },
        }
      );
    },
  };
  return { handler, asked: () => count };
}
