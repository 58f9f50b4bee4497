import assert from "node:assert/strict";
import type { KeyPage, ListingSessionHandler, ListOptions, SessionPage } from "sessionwire";
import { createVirtualClock, rejects, settled } from "sessionwire/testing";
import { handlerWith } from "./fakes.ts";
import { type Law, type Subject, watch } from "./law.ts";

/** A law of a capability that not every handler has; it has no number. */
export type ListLaw<Of> = Omit<Law<Of>, "law">;

/** What the guard and the decorators do for a listing, on backends and handlers made for the purpose. */
export const listingLaws: readonly ListLaw<Subject>[] = [
  {
    says: "a guarded handler can list just when its backend can, and can ping as well if that can",
    async check({ createGuardedHandler }) {
      const { list, ...plain } = listing(() => ({ keys: [], next: undefined }));
      assert.ok(!("list" in createGuardedHandler(plain, { name: "A store" })));
      const both = { ...plain, list, ping() {}, reconnect() {} };
      const handler = createGuardedHandler(both, { name: "A store" });
      await handler.ping();
      assert.deepEqual(await handler.list(), { ids: [], next: undefined });
    },
  },
  {
    says: "the backend is asked for keys with both prefixes, and whatever else it answers is left out",
    async check({ createGuardedHandler }) {
      const asked: unknown[] = [];
      const keys = ["s:ab", "s:a", "s:b", "s1:ab", "ab", "s:", "", `s:a${"x".repeat(1024)}`, "s:a\ud800"];
      const backend = listing((prefix, cursor) => {
        asked.push([prefix, cursor]);
        return { keys, next: "more" };
      });
      const handler = createGuardedHandler(backend, { name: "A store", prefix: "s:" });
      assert.deepEqual(await handler.list({ prefix: "a", cursor: "here" }), { ids: ["ab", "a"], next: "more" });
      assert.deepEqual((await handler.list()).ids, ["ab", "a", "b"]);
      assert.deepEqual(asked, [
        ["s:a", "here"],
        ["s:", undefined],
      ]);
    },
  },
  {
    says: "a cursor that no page of the memory has given is refused",
    async check({ createMemoryHandler }) {
      const handler = createMemoryHandler();
      for (const cursor of ["a text of no meaning", "0", "0:", "-1:0"]) {
        await rejects(handler.list({ cursor }), "failed", "any");
      }
    },
  },
  {
    says: "wrong arguments are refused before the backend or a check hears of them",
    async check({ createGuardedHandler, withConnectionCheck }) {
      const asked: unknown[] = [];
      const backend = {
        ...listing((...args) => {
          asked.push(args);
          return { keys: [], next: undefined };
        }),
        ping: () => void asked.push("ping"),
        reconnect() {},
      };
      const guarded = createGuardedHandler(backend, { name: "A store" });
      for (const handler of [guarded, withConnectionCheck(guarded, { everySeconds: 0 })]) {
        await rejects(handler.list({ prefix: "\ud800" }), "invalid_id");
        await assert.rejects(handler.list({ cursor: "" }), TypeError);
        await assert.rejects(handler.list({ prefxi: "a" } as ListOptions), TypeError);
      }
      assert.deepEqual(asked, []);
    },
  },
  {
    says: "a listing settles by the deadline, the signal or close, guarded and decorated",
    async check(subject) {
      const clock = createVirtualClock();
      const never = () => new Promise<never>(() => {});
      const backend = listing(never);
      const guarded = () => subject.createGuardedHandler(backend, { name: "A store", clock, timeoutMs: 500 });
      const limited = () => subject.withTimeout({ ...handlerWith({}), list: never }, { clock, timeoutMs: 500 });
      for (const create of [guarded, limited]) {
        const handler: ListingSessionHandler = create();
        const late = watch(handler.list());
        await clock.advance(499);
        assert.equal(late.state, "pending");
        await clock.advance(1);
        await rejects(Promise.reject(late.error), "timeout");
        const abortion = new AbortController();
        const left = watch(handler.list({ signal: abortion.signal }));
        await settled();
        abortion.abort();
        await settled();
        await rejects(Promise.reject(left.error), "aborted");
        const closed = watch(handler.list());
        await settled();
        await handler.close();
        await settled();
        await rejects(Promise.reject(closed.error), "closed");
        assert.equal(clock.pending, 0);
      }
    },
  },
  {
    says: "a decorated handler can list just when the one inside can, and passes its options on unchanged, once",
    async check({ withTimeout, withConnectionCheck, createMemoryHandler }) {
      for (const decorate of [withTimeout, withConnectionCheck]) {
        const asked: unknown[] = [];
        const page: SessionPage = { ids: ["a"], next: "b" };
        const { list: _, ...plain } = createMemoryHandler();
        assert.ok(!("list" in decorate(plain)));
        const handler = decorate(
          Object.assign(handlerWith({}), {
            list: async (options?: ListOptions) => {
              asked.push([options?.prefix, options?.cursor]);
              return page;
            },
          }),
        );
        assert.equal(await handler.list({ prefix: "p", cursor: "c" }), page);
        assert.equal(await handler.list(), page);
        assert.deepEqual(asked, [
          ["p", "c"],
          [undefined, undefined],
        ]);
        await handler.close();
        await rejects(handler.list(), "closed");
        assert.equal(asked.length, 2);
      }
    },
  },
  {
    says: "an error of the package passes a decorator unchanged, a foreign one is wrapped, both without an outcome",
    async check({ withTimeout, withConnectionCheck, SessionError }) {
      for (const decorate of [withTimeout, withConnectionCheck]) {
        for (const thrown of [new SessionError("overloaded", "Too much."), new Error("foreign")]) {
          const handler = decorate({ ...handlerWith({}), list: () => Promise.reject(thrown) });
          const caught = await handler.list().catch((error: unknown) => error);
          if (thrown instanceof SessionError) assert.equal(caught, thrown);
          else assert.equal((await rejects(Promise.reject(caught), "failed")).cause, thrown);
        }
      }
    },
  },
  {
    says: "a connection that has been idle is checked before a listing, and one on which a listing has failed before anything",
    async check(subject) {
      const { clock, events, handler, failWith } = checked(subject);
      await handler.list();
      await clock.advance(19_000);
      await handler.read("a");
      await clock.advance(1000);
      await handler.list();
      assert.deepEqual(events.splice(0), ["list", "read a", "list"]);
      await clock.advance(20_000);
      await Promise.all([handler.list(), handler.read("a")]);
      assert.deepEqual(events.splice(0), ["ping", "list", "read a"]);
      failWith.list = new subject.SessionError("unavailable", "Gone.");
      await rejects(handler.list(), "unavailable");
      failWith.list = undefined;
      failWith.ping = new Error("dead");
      await handler.read("a");
      assert.deepEqual(events, ["list", "ping", "reconnect", "read a"]);
    },
  },
  {
    says: "of several connections, those that are known are checked before a listing each for itself, and then all",
    async check(subject) {
      const { clock, events, handler, failWith } = checked(subject, (id) => `of ${id}`);
      for (const id of ["a", "b"]) await handler.read(id);
      await handler.list();
      await clock.advance(19_000);
      await handler.read("b");
      await clock.advance(1000);
      events.length = 0;
      failWith.pingOf = "of a";
      await handler.list();
      assert.deepEqual(events.splice(0), ["ping of a", "reconnect of a", "ping", "list"]);
      await handler.list();
      await handler.read("b");
      assert.deepEqual(events.splice(0), ["list", "read b"]);

      failWith.list = new subject.SessionError("timeout", "No answer.");
      await rejects(handler.list(), "timeout");
      failWith.list = undefined;
      failWith.ping = new Error("one of them is dead");
      events.length = 0;
      await handler.list();
      assert.deepEqual(events.splice(0), ["ping", "reconnect", "list"]);

      await clock.advance(20_000);
      failWith.ping = undefined;
      failWith.pingOf = "of b";
      failWith.reconnect = new Error("refused");
      await rejects(handler.list(), "unavailable");
      assert.deepEqual(events.toSorted(), ["ping of a", "ping of b", "reconnect of b"]);
    },
  },
  {
    says: "after all connections were replaced for a listing, none of them is checked for itself",
    async check(subject) {
      const { clock, events, handler, failWith } = checked(subject, (id) => `of ${id}`);
      await handler.read("a");
      await handler.list();
      await clock.advance(10_000);
      await handler.read("a");
      await clock.advance(10_000);
      failWith.ping = new Error("dead");
      await handler.list();
      await clock.advance(15_000);
      await handler.read("a");
      assert.deepEqual(events.slice(3), ["ping", "reconnect", "list", "read a"]);
    },
  },
  {
    says: "what the caller changes while his listing is waiting for a check has no effect",
    async check(subject) {
      const { handler, asked } = checked(subject, undefined, 0);
      const options = { prefix: "meant" };
      const listing = handler.list(options);
      options.prefix = "changed";
      await listing;
      assert.deepEqual(asked, ["meant"]);
    },
  },
];

/** A backend that can do nothing but list. */
function listing(list: (prefix?: string, cursor?: string) => KeyPage | Promise<KeyPage>) {
  return {
    read: () => undefined,
    write: () => ({ written: false, current: undefined }) as const,
    touch: () => false,
    destroy: () => ({ destroyed: false, current: undefined }) as const,
    list,
    close() {},
  };
}

/** A checked handler whose connections fail as they are told. */
function checked(subject: Subject, connectionOf?: (id: string) => string, everySeconds = 20) {
  const clock = createVirtualClock();
  const events: string[] = [];
  const asked: unknown[] = [];
  const failWith: { list?: Error | undefined; ping?: Error | undefined; pingOf?: string; reconnect?: Error } = {};
  const note = (event: string, connection?: string) => {
    events.push(connection === undefined ? event : `${event} ${connection}`);
  };
  const inner = {
    ...handlerWith({
      async read(id) {
        note("read", id);
        return undefined;
      },
      async ping({ connection } = {}) {
        note("ping", connection);
        if (failWith.ping) throw failWith.ping;
        if (failWith.pingOf !== undefined && failWith.pingOf === connection) throw new Error("dead");
      },
      async reconnect({ connection } = {}) {
        note("reconnect", connection);
        if (failWith.reconnect) throw failWith.reconnect;
      },
      ...(connectionOf && { connectionOf }),
    }),
    async list(options?: ListOptions): Promise<SessionPage> {
      note("list");
      asked.push(options?.prefix);
      if (failWith.list) throw failWith.list;
      return { ids: [], next: undefined };
    },
  };
  return { clock, events, asked, failWith, handler: subject.withConnectionCheck(inner, { clock, everySeconds }) };
}
