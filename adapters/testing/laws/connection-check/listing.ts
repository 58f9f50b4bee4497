import assert from "node:assert/strict";
import { SessionError } from "sessionwire";
import type { ListOptions, SessionPage } from "sessionwire/backend";
import { createVirtualClock } from "../../virtual-clock.ts";
import { type Law, rejects } from "../law.ts";
import { handlerWith } from "../stand-ins.ts";
import type { WithConnectionCheck } from "./fixture.ts";

/** A listing may use every connection. */
export const listingLaws: readonly Law<WithConnectionCheck>[] = [
  {
    law: 112,
    says: "an idle connection is checked before a listing, and a connection on which a listing has failed is checked before any call",
    async check(withConnectionCheck) {
      const { clock, events, handler, failWith } = checked(withConnectionCheck);
      await handler.list();
      await clock.advance(19_000);
      await handler.read("a");
      await clock.advance(1000);
      await handler.list();
      assert.deepEqual(events.splice(0), ["list", "read a", "list"]);
      await clock.advance(20_000);
      await Promise.all([handler.list(), handler.read("a")]);
      assert.deepEqual(events.splice(0), ["ping", "list", "read a"]);
      failWith.list = new SessionError("unavailable", "Gone.");
      await rejects(handler.list(), "unavailable");
      failWith.list = undefined;
      failWith.ping = new Error("dead");
      await handler.read("a");
      assert.deepEqual(events, ["list", "ping", "reconnect", "read a"]);
    },
  },
  {
    law: 112,
    says: "of several connections, the known ones are checked individually before a listing, and then all of them",
    async check(withConnectionCheck) {
      const { clock, events, handler, failWith } = checked(withConnectionCheck, (id) => `of ${id}`);
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

      failWith.list = new SessionError("timeout", "No answer.");
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
    law: 112,
    says: "after all connections were replaced for a listing, none of them is checked individually",
    async check(withConnectionCheck) {
      const { clock, events, handler, failWith } = checked(withConnectionCheck, (id) => `of ${id}`);
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
    law: 112,
    says: "changes that the caller makes while its listing waits for a check have no effect",
    async check(withConnectionCheck) {
      const { handler, asked } = checked(withConnectionCheck, undefined, 0);
      const options = { prefix: "meant" };
      const listing = handler.list(options);
      options.prefix = "changed";
      await listing;
      assert.deepEqual(asked, ["meant"]);
    },
  },
  {
    law: 112,
    says: "wrong arguments are refused before a check is made",
    async check(withConnectionCheck) {
      const { handler, events } = checked(withConnectionCheck, undefined, 0);
      await rejects(handler.list({ prefix: "\ud800" }), "invalid-id");
      await assert.rejects(handler.list({ cursor: "" }), TypeError);
      await assert.rejects(handler.list({ prefxi: "a" } as ListOptions), TypeError);
      assert.deepEqual(events, []);
    },
  },
];

/** Creates a checked handler whose connections fail as instructed. */
function checked(withConnectionCheck: WithConnectionCheck, connectionOf?: (id: string) => string, everySeconds = 20) {
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
  return { clock, events, asked, failWith, handler: withConnectionCheck(inner, { clock, everySeconds }) };
}
