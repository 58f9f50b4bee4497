import assert from "node:assert/strict";
import type { SessionData } from "express-session";
import type { ExpressStore } from "sessionwire/express";
import { type ConformanceCase, refuses, rejects } from "sessionwire/testing";
import { createFixture, type Fixture, given, opened, stored } from "../session/fixture.ts";
import type { SessionSubject } from "../session/subject.ts";

interface StoreLaw {
  readonly law: number;
  readonly says: string;
  check(fixture: Fixture, subject: SessionSubject): Promise<void>;
}

/** The laws of sessions as far as the store for express-session keeps them by itself. */
export function storeCases(subject: SessionSubject): ConformanceCase[] {
  return laws.map(({ law, says, check }) => ({
    name: `${says} (law ${law})`,
    law,
    run: async () => check(createFixture(subject, "express"), subject),
  }));
}

const laws: readonly StoreLaw[] = [
  storeLaw(82, "an express request that changes nothing writes nothing", async (fixture, subject) => {
    const id = await given(fixture, { a: { b: 1 } });
    const store = subject.createExpressStore(fixture.sessions);
    const data = await handedOut(store, id);
    await store.set(id, data);
    await store.touch(id, data);
    assert.equal(fixture.handler.count("write"), 0);
  }),
  storeLaw(84, "express-session's changes in place are seen and saved", async (fixture, subject) => {
    const id = await given(fixture, { cart: { items: [{ n: 1 }] }, other: 1 });
    const store = subject.createExpressStore(fixture.sessions);
    const data = await handedOut<{ cart: { items: { n: number }[] } }>(store, id);
    data.cart.items.push({ n: 2 });
    await store.set(id, data);
    assert.deepEqual(await stored(fixture, id), { cart: { items: [{ n: 1 }, { n: 2 }] }, other: 1 });
    Object.assign(data.cart.items[0] ?? {}, { n: 9 });
    await store.set(id, data);
    assert.deepEqual(await stored(fixture, id), { cart: { items: [{ n: 9 }, { n: 2 }] }, other: 1 });
  }),
  storeLaw(99, "express-session's members of such names are plain data", async (fixture, subject) => {
    const id = await given(fixture, JSON.parse(`{"__proto__":{"polluted":1},"constructor":{"polluted":1}}`));
    const store = subject.createExpressStore(fixture.sessions);
    const data = await handedOut<Record<string, unknown>>(store, id);
    assert.equal(Object.getPrototypeOf(data), Object.prototype);
    assert.deepEqual(Object.getOwnPropertyDescriptor(data, "__proto__")?.value, { polluted: 1 });
    Object.defineProperty(data, "__proto__", { value: { polluted: 2 }, enumerable: true });
    await store.set(id, data);
    const session = await opened(fixture.others, id);
    assert.deepEqual(JSON.parse(JSON.stringify(session.get("__proto__"))), { polluted: 2 });
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  }),
  storeLaw(85, "of two requests at the same time, both changes are stored", async (fixture, subject) => {
    const id = await given(fixture, { cart: [1], name: "a", gone: 1 });
    const store = subject.createExpressStore(fixture.sessions);
    const [slow, fast] = [
      await handedOut<Record<string, unknown>>(store, id),
      await handedOut<Record<string, unknown>>(store, id),
    ];
    Object.assign(fast, { name: "b" });
    Object.assign(slow, { cart: [1, 2] });
    delete fast.gone;
    await store.set(id, fast);
    await fixture.others.update(id, (draft) => draft.set("elsewhere", 1));
    await store.set(id, slow);
    assert.deepEqual(await stored(fixture, id), { cart: [1, 2], name: "b", elsewhere: 1 });
  }),
  storeLaw(
    86,
    "a member that a request has deleted stays away when another request saves",
    async (fixture, subject) => {
      const id = await given(fixture, { deleted: 1, kept: 1 });
      const store = subject.createExpressStore(fixture.sessions);
      const [slow, fast] = [
        await handedOut<Record<string, unknown>>(store, id),
        await handedOut<Record<string, unknown>>(store, id),
      ];
      delete fast.deleted;
      await store.set(id, fast);
      Object.assign(slow, { other: 1 });
      await store.set(id, slow);
      assert.deepEqual(await stored(fixture, id), { kept: 1, other: 1 });
    },
  ),
  storeLaw(
    89,
    "of a request that cannot be stored as a whole, nothing is stored by its next save",
    async (fixture, subject) => {
      const id = await given(fixture, { a: 0 });
      const sessions = fixture.process({ handler: { ...fixture.handler, maxBytes: 2000 } });
      const store = subject.createExpressStore(sessions);
      const data = await handedOut(store, id);
      Object.assign(data, { a: 1, b: "x".repeat(3000) });
      await rejects(store.set(id, data), "too-large", "not-applied");
      await store.touch(id, data);
      assert.deepEqual(await stored(fixture, id), { a: 0 });
      Object.assign(data, { b: 1 });
      await store.set(id, data);
      assert.deepEqual(await stored(fixture, id), { a: 1, b: 1 });
    },
  ),
  storeLaw(
    89,
    "what a request has changed is stored by its next save when the first one failed",
    async (fixture, subject) => {
      const id = await given(fixture, { a: 0 });
      const store = subject.createExpressStore(fixture.sessions);
      const data = await handedOut(store, id);
      Object.assign(data, { a: 1 });
      fixture.handler.next("write", refuses());
      await rejects(store.set(id, data), "unavailable", "not-applied");
      await store.set(id, data);
      assert.deepEqual(await stored(fixture, id), { a: 1 });
    },
  ),
  storeLaw(
    95,
    "messages are where connect-flash looks for them, and a request takes what it saw",
    async (fixture, subject) => {
      const id = await givenMessage(fixture, "one");
      const store = subject.createExpressStore(fixture.sessions);
      const data = await handedOut<{ flash: Record<string, unknown[]> }>(store, id);
      assert.deepEqual(data.flash, { notice: ["one"] });
      data.flash = {};
      await fixture.others.update(id, (draft) => draft.flash.add("notice", "two"));
      await store.set(id, data);
      assert.deepEqual((await opened(fixture.others, id)).flash.peek("notice"), ["two"]);
      assert.deepEqual(await stored(fixture, id), { kept: 1 });
    },
  ),
  storeLaw(95, "what connect-flash adds at the same time as somebody else waits as well", async (fixture, subject) => {
    const id = await givenMessage(fixture, "one");
    const store = subject.createExpressStore(fixture.sessions);
    const data = await handedOut<{ flash: Record<string, unknown[]> }>(store, id);
    data.flash.notice?.push("three");
    await fixture.others.update(id, (draft) => draft.flash.add("notice", "two"));
    await store.set(id, data);
    assert.deepEqual((await opened(fixture.others, id)).flash.peek("notice"), ["one", "two", "three"]);
  }),
  storeLaw(92, "a request that saves what a sign-out has ended stores nothing", async (fixture, subject) => {
    for (const onGone of ["ignore", "error"] as const) {
      const id = await given(fixture, { a: 1 });
      const store = subject.createExpressStore(fixture.sessions, { onGone });
      const data = await handedOut(store, id);
      Object.assign(data, { a: 2 });
      await fixture.others.destroy(id);
      if (onGone === "error") await rejects(store.set(id, data), "gone", "not-applied");
      else await store.set(id, data);
      assert.equal(await stored(fixture, id), undefined);
      if (onGone === "error") await rejects(store.touch(id, data), "gone", "not-applied");
      else await store.touch(id, data);
      assert.equal(await stored(fixture, id), undefined);
    }
  }),
  storeLaw(94, "express-session gets the error, and no session", async (fixture, subject) => {
    const id = await given(fixture, { a: 1 });
    const store = subject.createExpressStore(fixture.sessions);
    fixture.handler.next("read", refuses(), 2);
    await rejects(store.get(id), "unavailable", "any");
    const told = await new Promise<unknown[]>((resolve) => store.get(id, (...args) => resolve(args)));
    assert.equal((told[0] as { code: string }).code, "unavailable");
    assert.equal(told[1], undefined);
  }),
];

function storeLaw(law: number, says: string, check: StoreLaw["check"]): StoreLaw {
  return { law, says, check };
}

async function givenMessage(fixture: Fixture, message: string): Promise<string> {
  const id = await given(fixture, { kept: 1 });
  await fixture.others.update(id, (draft) => draft.flash.add("notice", message));
  return id;
}

/** The object that express-session is handed out. */
async function handedOut<Members>(store: ExpressStore, id: string): Promise<SessionData & Members> {
  return (await store.get(id)) as SessionData & Members; // as the case has stored it
}
