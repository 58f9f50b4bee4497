import {
  createSessionManager,
  expressCookie,
  expressFormat,
  nativeFormat,
  type Session,
  type SessionDraft,
  type SessionManager,
} from "sessionwire";
import { recordOf } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { describe, expect, test } from "vitest";

/** What a container, a tracer, a spy or reactive state puts around an object. */
const wrappers: [string, <T extends object>(wrapped: T) => T][] = [
  ["a Proxy", (wrapped) => new Proxy(wrapped, {})],
  ["an object that inherits from it", (wrapped) => Object.create(wrapped)],
  ["a Proxy around an object that inherits from it", (wrapped) => new Proxy(Object.create(wrapped), {})],
  ["a Proxy that wraps all objects that it hands out", membrane],
];

describe.each(wrappers)("behind %s works", (_, wrap) => {
  test("a handler, a format and their manager, with all methods", async () => {
    const sessions = wrap(createSessionManager({ handler: wrap(createMemoryHandler()), format: wrap(nativeFormat()) }));
    const events: string[] = [];
    const unsubscribe = sessions.subscribe(({ type }) => events.push(type));
    const session = await sessions.create();
    session.set("a", 1);
    await session.save();
    expect(await sessions.update(session.id, (draft) => draft.get("a"))).toBe(1);
    expect((await sessions.open(session.id))?.get("a")).toBe(1);
    const header = await sessions.cookie.serialize(wrap(session));
    expect(await sessions.cookie.parse(header.split(";")[0])).toBe(session.id);
    expect(sessions.format.name).toBe("native");
    expect((await sessions.handler.read("nothing")) ?? "absent").toBe("absent");
    await sessions.destroy(session.id);
    unsubscribe();
    expect(events).toEqual(["created", "ended"]);
    await sessions[Symbol.asyncDispose]();
    await expect(sessions.create().then((late) => late.save({ signal: undefined }))).rejects.toMatchObject({
      code: "closed",
    });
  });

  test("a session, with all methods", async () => {
    const sessions = createSessionManager({ handler: createMemoryHandler(), format: expressFormat() });
    const session = wrap(await sessions.create());
    expect([session.isNew, session.isChanged, session.hasEnded, session.isReadOnly]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(session.ttlSeconds).toBe(86_400);
    changeAll(session);
    session.metadata.set("cookie", { originalMaxAge: 60_000 });
    expect(session.metadata.names()).toEqual(["cookie"]);
    await session.save();
    await session.refresh();
    await session.touch();
    const { id } = session;
    session.set("unsaved", 1);
    session.discard();
    expect(session.names().sort()).toEqual(["a", "count"]);
    await session.regenerate();
    expect(session.id).not.toBe(id);
    await session.invalidate();
    expect(session.isNew).toBe(true);
    session.set("a", 1);
    await session.save();
    await session.destroy();
    expect(session.hasEnded).toBe(true);
  });

  test("the draft of an update", async () => {
    const sessions = createSessionManager({ handler: createMemoryHandler() });
    const session = await sessions.create();
    session.set("before", 1);
    await session.save();
    await sessions.update(session.id, (draft) => changeAll(wrap(draft)));
    expect((await opened(sessions, session.id)).names().sort()).toEqual(["a", "before", "count"]);
  });

  test("a cookie reader", async () => {
    const secrets = ["a secret of thirty-two bytes, or so"];
    const manager = createSessionManager({ handler: createMemoryHandler(), cookie: { secrets } });
    const session = await manager.create();
    const header = await manager.cookie.serialize(session);
    expect(await wrap(manager.cookie).parse(header.split(";")[0])).toBe(session.id);
    expect(wrap(manager.cookie).clear()).toContain("Max-Age=0");
    expect(await wrap(expressCookie({ secrets })).parse("connect.sid=s%3Aa.b")).toBeUndefined();
  });
});

test("a method called without its object reports it, by a rejection if it is asynchronous", async () => {
  const sessions = createSessionManager({ handler: createMemoryHandler() });
  const session = await sessions.create();
  const { create } = sessions;
  const { save, set } = session;
  await expect(create()).rejects.toThrow(/create was called apart/);
  await expect(save.call({} as Session)).rejects.toThrow(/save was called apart/);
  expect(() => set("a", 1)).toThrow(/set was called apart/);
  const { get: id } = Object.getOwnPropertyDescriptor(findPrototype(session, "id"), "id") ?? {};
  expect(() => id?.call({})).toThrow(TypeError);
});

test("nothing private is visible when a wrapper is printed or listed", async () => {
  const session = await createSessionManager({ handler: createMemoryHandler() }).create();
  session.set("a", "a-secret");
  expect(Object.keys(session)).toEqual([]);
  expect(JSON.stringify(session)).toBe("{}");
});

function changeAll(draft: Session | SessionDraft): void {
  draft.set("a", [1]);
  expect(draft.get("a")).toEqual([1]);
  expect(draft.copy("a")).toEqual([1]);
  expect(draft.has("a")).toBe(true);
  draft.set("gone", 1);
  draft.delete("gone");
  expect(draft.names()).toContain("a");
  expect(recordOf(draft).attributes.get("a")).toEqual([1]);
  draft.update("count", (count: unknown = 0) => Number(count) + 1);
  draft.flash.add("notice", "hello");
  expect(draft.flash.types()).toEqual(["notice"]);
  expect(draft.flash.peek("notice")).toEqual(["hello"]);
  draft.flash.remove("notice", "hello");
  draft.flash.add("notice", "again");
  expect(draft.flash.take("notice")).toEqual(["again"]);
  expect(typeof draft.id).toBe("string");
  expect(draft.isReadOnly).toBe(false);
}

async function opened(sessions: SessionManager, id: string): Promise<Session> {
  const session = await sessions.open(id);
  if (session === undefined) throw new Error("There is no such session.");
  return session;
}

/** As reactive state does it: objects are wrapped when they are handed out, and functions are not. */
function membrane<T extends object>(wrapped: T): T {
  return new Proxy(wrapped, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      const isWrapped = typeof value === "object" && value !== null && !Object.isFrozen(value);
      return isWrapped ? membrane(value) : value;
    },
  });
}

function findPrototype(object: object, name: string): object {
  let found: object = object;
  while (!Object.hasOwn(found, name)) found = Object.getPrototypeOf(found);
  return found;
}
