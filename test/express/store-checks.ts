import assert from "node:assert/strict";
import type { SessionData } from "express-session";
import fc from "fast-check";
import type { ExpressStore } from "sessionwire/express";
import { createFixture, type Fixture } from "../session/fixture.ts";
import type { SessionSubject } from "../session/subject.ts";
import { warningsDuring } from "./warnings.ts";

/** What the store for express-session must do, and one way to see that it does. */
export interface StoreCheck {
  readonly claim: string;
  check(subject: SessionSubject): Promise<void>;
}

const noAge = { originalMaxAge: null, expires: null, httpOnly: true, path: "/" };

export const storeChecks: readonly StoreCheck[] = [
  {
    claim: "a member `flash` reads as a request has left it: the order of its messages, and types without any",
    async check(subject) {
      const { stock } = await open(subject);
      const messages = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 6 });
      const flash = fc.record({ list: messages, other: messages }, { requiredKeys: [], noNullPrototype: true });
      const property = fc.asyncProperty(flash, flash, async (before, now) => {
        await stock.set("id", dataOf({ flash: before }));
        const data = await given(stock, "id");
        data.flash = now;
        await stock.set("id", data);
        assert.deepEqual((await given(stock, "id")).flash, now);
        await stock.destroy("id");
      });
      const examples: [Flash, Flash][] = [[{ list: ["a", "b", "c", "a"] }, { list: ["a", "b", "a", "c"] }]];
      await fc.assert(property, { numRuns: 300, endOnFailure: true, examples });
    },
  },
  {
    claim:
      "where a request reorders messages, those that others add stay, none is doubled, and those in front may be taken",
    async check(subject) {
      const { stock } = await open(subject);
      await stock.set("id", dataOf({ flash: { list: ["a", "b", "c"] } }));
      const [one, other] = [await given(stock, "id"), await given(stock, "id")];
      (one.flash as { list: string[] }).list.push("d");
      (other.flash as { list: string[] }).list.reverse();
      await stock.set("id", one);
      await stock.set("id", other);
      const { list } = (await given(stock, "id")).flash as { list: string[] };
      assert.deepEqual(
        list.filter((message) => message !== "d"),
        ["c", "b", "a"],
      );
      assert.deepEqual(list.toSorted(), ["a", "b", "c", "d"]);

      await stock.set("other", dataOf({ flash: { list: ["a", "b", "c"] } }));
      const [taking, swapping] = [await given(stock, "other"), await given(stock, "other")];
      (taking.flash as { list: string[] }).list.shift();
      swapping.flash = { list: ["a", "c", "b"] };
      await stock.set("other", taking);
      await stock.set("other", swapping);
      assert.deepEqual((await given(stock, "other")).flash, { list: ["c", "b"] });
    },
  },
  {
    claim: "what JSON makes of a member decides whether it has changed, be it a date, of a class, or in another order",
    async check(subject) {
      const { fixture, stock } = await open(subject);
      const epoch = new Date(0);
      for (const [before, now] of [
        [{}, epoch],
        [epoch.toJSON(), epoch],
        [{}, new Map([[1, 2]])],
        [{}, Object(5)],
        [5, Object(5)],
        [{ a: 1 }, new Counted()],
        [[{ a: 1 }], [new Counted()]],
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
        [{ a: 1 }, { a: 1, b: undefined }],
        [[null], [undefined]],
        [[1], [1, 2]],
        [[1], Object.assign([1], { toJSON: () => [2] })],
        [[1], { 0: 1 }],
        [null, Number.NaN],
        [0, -0],
        [0, false],
        [{ a: { b: [1] } }, { a: { b: [2] } }],
      ]) {
        await stock.set("id", dataOf({ it: before }));
        const data = await given(stock, "id");
        data.it = now;
        const writes = fixture.handler.count("write");
        await stock.set("id", data);
        const isChanged = JSON.stringify(before) !== JSON.stringify(now);
        assert.equal(fixture.handler.count("write") - writes, isChanged ? 1 : 0, JSON.stringify([before, now]));
        assert.deepEqual(await attributes(fixture, "id"), { it: JSON.parse(JSON.stringify(now)) });
      }
    },
  },
  {
    claim: "`ids`, `all`, `length` and `clear` leave alone what has a colon after the prefix: another application's",
    async check(subject) {
      for (const prefix of ["", "sess:"]) {
        const { fixture } = await open(subject);
        const shop = subject.createExpressStore(fixture.store, { prefix });
        const admin = subject.createExpressStore(fixture.store, { prefix: `${prefix}admin:` });
        await shop.set("customer", dataOf({}));
        await admin.set("boss", dataOf({}));
        assert.deepEqual([await shop.ids?.(), await shop.length?.()], [["customer"], 1]);
        assert.deepEqual(
          (await shop.all?.())?.map(({ id }) => id),
          ["customer"],
        );
        await shop.clear?.();
        assert.deepEqual([await shop.length?.(), await admin.length?.()], [0, 1]);
      }
    },
  },
  {
    claim: "a key that holds no session hides no other one from `all`, survives `clear`, and is told of by a warning",
    async check(subject) {
      for (const prefix of ["", "sess:"]) {
        const { fixture } = await open(subject);
        const stock = subject.createExpressStore(fixture.store, { prefix });
        await stock.set("good", dataOf({}));
        const foreign = { counter: "1", job: '{"at":1}', half: '{"cookie":{}', list: "[]" };
        for (const [key, text] of Object.entries(foreign)) await put(fixture, prefix + key, text);
        const warnings = await warningsDuring(async () => {
          assert.deepEqual(
            (await stock.all?.())?.map(({ id }) => id),
            ["good"],
          );
          await stock.clear?.();
        });
        assert.deepEqual(
          warnings.map(({ code }) => code),
          ["SESSIONWIRE_NO_SESSION", "SESSIONWIRE_NO_SESSION"],
        );
        for (const { message } of warnings) for (const key of Object.keys(foreign)) assert.ok(!message.includes(key));
        assert.deepEqual((await stock.ids?.())?.toSorted(), Object.keys(foreign).toSorted());
      }
    },
  },
  {
    claim: "a store that cannot be reached makes `all` and `clear` reject, and hides no session",
    async check(subject) {
      const { fixture, stock } = await open(subject);
      await stock.set("good", dataOf({}));
      const refused = { code: "unavailable" };
      const refuse = async () => {
        throw new subject.SessionError("unavailable", "It was refused.");
      };
      fixture.handler.next("read", refuse);
      await assert.rejects(async () => stock.all?.(), refused);
      fixture.handler.next("read", refuse);
      await assert.rejects(async () => stock.clear?.(), refused);
    },
  },
  {
    claim:
      "`all` shows the id of each session to whoever lists, copies or prints it, and it is not stored with the session",
    async check(subject) {
      const { fixture, stock } = await open(subject);
      await stock.set("one", dataOf({ user: "Ann" }));
      await put(fixture, "sess:own", JSON.stringify({ cookie: noAge, id: 7 }));
      const listed = (await stock.all?.()) ?? [];
      assert.deepEqual(
        JSON.parse(JSON.stringify(listed))
          .map(({ id }: { id: string }) => id)
          .toSorted(),
        ["one", "own"],
      );
      for (const data of listed) await stock.set(data.id, Object.assign(data, { seen: 1 }));
      assert.deepEqual(await attributes(fixture, "one"), { user: "Ann", seen: 1 });
      assert.deepEqual(await attributes(fixture, "own"), { id: 7, seen: 1 });
    },
  },
  {
    claim: "an id that is no text, as a `genid` may return it, is refused, and stores nothing",
    async check(subject) {
      const { fixture, stock } = await open(subject);
      for (const id of [undefined, null, 5, {}, Symbol("id")]) {
        await assert.rejects(stock.set(id as string, dataOf({})), { code: "invalid-id", outcome: "not-applied" });
      }
      assert.equal(fixture.handler.count("write"), 0);
      assert.deepEqual(await subject.createExpressStore(fixture.store, { prefix: "" }).ids?.(), []);
    },
  },
  {
    claim: "a stored cookie hands out nothing that is a method or the prototype to express-session",
    async check(subject) {
      const { fixture, stock } = await open(subject);
      const members = '"__proto__":{"admin":true},"data":1,"serialize":1,"toJSON":1,"maxAge":"1","originalMaxAge":"1"';
      const text = `{"cookie":{"path":"/shop",${members},"custom":{"deep":[1]}},"user":1}`;
      await put(fixture, "sess:id", text);
      const data = await given(stock, "id");
      assert.deepEqual(Object.keys(data.cookie).toSorted(), ["custom", "path"]);
      assert.equal(Object.getPrototypeOf(data.cookie), Object.prototype);
      (data.cookie as unknown as { custom: { deep: number[] } }).custom.deep.push(2); // it is the application's own
      const again = await given(stock, "id");
      again.more = 1;
      await stock.set("id", again);
      const { cookie, ...rest } = JSON.parse((await textOf(fixture, "sess:id")) ?? "");
      assert.deepEqual([cookie, rest], [JSON.parse(text).cookie, { user: 1, more: 1 }]);
    },
  },
  {
    claim: "a maximal age below a second ends the session when it is over, and a save or a touch restarts it",
    async check(subject) {
      for (const restart of ["set", "touch"] as const) {
        const { fixture, stock } = await open(subject);
        await stock.set("id", dataOf({ user: "Ann" }, { ...noAge, originalMaxAge: 400 }));
        await fixture.clock.advance(300);
        await stock[restart]("id", await given(stock, "id"));
        await fixture.clock.advance(300);
        assert.equal((await given(stock, "id")).user, "Ann");
        await fixture.clock.advance(101);
        assert.equal(await stock.get("id"), undefined);
        assert.equal(await fixture.others.open("id"), undefined);
      }
    },
  },
  {
    claim: "without a maximal age a session ends at `cookie.expires`, however often it is touched",
    async check(subject) {
      const { fixture, stock } = await open(subject);
      await stock.set("id", dataOf({}, { ...noAge, expires: inSeconds(fixture, 60) }));
      for (let seconds = 0; seconds < 59; seconds += 10) {
        await stock.touch("id", await given(stock, "id"));
        await fixture.others.open("id");
        await fixture.clock.advance(9900);
      }
      assert.ok(await stock.get("id"));
      await fixture.clock.advance(700);
      assert.equal(await fixture.others.open("id"), undefined);
      assert.equal(await textOf(fixture, "sess:id"), undefined);
    },
  },
  {
    claim: "a `cookie.expires` in the past ends the session that it is set on or touched with",
    async check(subject) {
      for (const act of ["set", "touch"] as const) {
        const { fixture, stock } = await open(subject);
        for (const expires of [inSeconds(fixture, -1), inSeconds(fixture, -90), new Date(0)]) {
          const over = dataOf({}, { ...noAge, expires });
          await stock[act]("new", over);
          assert.equal(await textOf(fixture, "sess:new"), undefined);
          await stock.set("old", dataOf({}));
          await fixture.clock.advance(10_000); // the manager has forgotten it
          await stock[act]("old", over);
          assert.equal(await textOf(fixture, "sess:old"), undefined);
        }
      }
    },
  },
  {
    claim: "a `cookie.expires` that is set or taken away without a maximal age is stored, by `set` and by `touch`",
    async check(subject) {
      for (const act of ["set", "touch"] as const) {
        const { fixture, stock } = await open(subject);
        const inAnHour = inSeconds(fixture, 3600).toISOString();
        await stock.set("id", dataOf({}));
        for (const expires of [inAnHour, null]) {
          const data = await given(stock, "id");
          Object.assign(data.cookie, { expires });
          await stock[act]("id", data);
          assert.equal(JSON.parse((await textOf(fixture, "sess:id")) ?? "").cookie.expires, expires);
        }
      }
    },
  },
  {
    claim: "where a maximal age is there, the `expires` beside it decides nothing: other stores leave it behind",
    async check(subject) {
      const { fixture, stock } = await open(subject);
      for (const expires of ["2020-01-01T00:00:00.000Z", "2500-01-01T00:00:00.000Z", "no date"]) {
        await put(fixture, "sess:id", JSON.stringify({ cookie: { ...noAge, originalMaxAge: 60_000, expires }, a: 1 }));
        await fixture.others.open("id");
        await fixture.clock.advance(59_000);
        assert.ok(await stock.get("id"));
        await fixture.clock.advance(2000);
        assert.equal(await stock.get("id"), undefined);
      }
    },
  },
  {
    claim: "a session without a cookie is taken, as MemoryStore takes it, and gets the one of express-session",
    async check(subject) {
      for (const without of [{}, { cookie: null }, { cookie: undefined }]) {
        const { fixture, stock } = await open(subject);
        await stock.set("id", { ...without, user: "Ann" } as unknown as SessionData);
        await stock.set("empty", { ...without } as unknown as SessionData);
        assert.deepEqual(JSON.parse((await textOf(fixture, "sess:id")) ?? ""), { cookie: noAge, user: "Ann" });
        assert.deepEqual(JSON.parse((await textOf(fixture, "sess:empty")) ?? ""), { cookie: noAge });

        const kept = { ...noAge, originalMaxAge: 60_000, expires: inSeconds(fixture, 60).toISOString() };
        await stock.set("kept", dataOf({ a: 1 }, kept));
        const data = await given(stock, "kept");
        Object.assign(data, { cookie: undefined, b: 1 });
        await stock.set("kept", data);
        await stock.touch("kept", data);
        await stock.set("kept", { c: 1 } as unknown as SessionData);
        assert.deepEqual(JSON.parse((await textOf(fixture, "sess:kept")) ?? ""), { cookie: kept, a: 1, b: 1, c: 1 });
      }
    },
  },
  {
    claim:
      "touching a session by an object that the store has not handed out stores its cookie, and nothing else of it",
    async check(subject) {
      const { fixture, stock } = await open(subject);
      await stock.set("id", dataOf({ a: 1 }));
      await stock.touch("id", dataOf({ a: 2, b: 2 }, { ...noAge, originalMaxAge: 5000 }));
      assert.equal((await given(stock, "id")).cookie.originalMaxAge, 5000);
      assert.deepEqual(await attributes(fixture, "id"), { a: 1 });
      await fixture.clock.advance(4900);
      await stock.touch("id", dataOf({}, { ...noAge, originalMaxAge: 5000 }));
      await fixture.clock.advance(4900);
      assert.ok(await stock.get("id"));
      await stock.touch("absent", dataOf({}));
      assert.equal(await stock.get("absent"), undefined);
    },
  },
];

async function open(subject: SessionSubject): Promise<{ readonly fixture: Fixture; readonly stock: Stock }> {
  const fixture = createFixture(subject, "express");
  await fixture.clock.advance(Date.now() + 10_000 - fixture.clock.now());
  Object.assign(fixture.handler, { list: fixture.store.list });
  return { fixture, stock: subject.createExpressStore(fixture.sessions) };
}

/** An object of a class, with a field that JSON does not write. */
class Counted {
  n = 1;

  toJSON(): object {
    return { a: this.n };
  }
}

interface Flash {
  readonly list?: string[];
  readonly other?: string[];
}

type Stock = ExpressStore;

/** A plain object, as it comes out of JSON. */
function dataOf(attributes: object, cookie: object = noAge): SessionData {
  return { cookie: { ...cookie }, ...attributes } as unknown as SessionData;
}

/** Its clock runs ahead of that of the machine, so that what is to come is so by both. */
function inSeconds({ clock }: Fixture, seconds: number): Date {
  return new Date((seconds < 0 ? Date.now() : clock.now()) + seconds * 1000);
}

async function given(stock: Stock, id: string): Promise<SessionData & Record<string, unknown>> {
  const data = await stock.get(id);
  assert.ok(data, "There is no such session.");
  return data as SessionData & Record<string, unknown>;
}

async function put({ store }: Fixture, key: string, text: string): Promise<void> {
  await store.destroy(key);
  await store.write(key, new TextEncoder().encode(text), { replaces: undefined, ttlSeconds: 60 });
}

async function textOf({ store }: Fixture, key: string): Promise<string | undefined> {
  const stored = await store.read(key);
  return stored && new TextDecoder().decode(stored.data);
}

async function attributes(fixture: Fixture, id: string): Promise<unknown> {
  const { cookie, ...members } = JSON.parse((await textOf(fixture, `sess:${id}`)) ?? "{}");
  return members;
}
