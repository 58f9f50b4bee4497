import assert from "node:assert/strict";
import { losesReply, losesRequest, refuses } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { after } from "./call-behaviours.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";
import { issued, redeemed, storedSession } from "./ticket-fixture.ts";

/** At most one of all callers that redeem a ticket gets the session. */
export const ticketRedemptionLaws: readonly SessionLaw[] = [
  inEveryFormat(
    127,
    "a ticket leads to its session once, as it is stored at that time",
    async ({ sessions, others }) => {
      const session = await storedSession(sessions);
      const ticket = await sessions.tickets.issue(session);
      session.set("later", 1);
      await session.save();
      const found = await others.tickets.redeem(ticket);
      assert.equal(found?.id, session.id);
      assert.equal(found.get("later"), 1);
      found.set("again", 2);
      await found.save();
      await session.refresh();
      assert.equal(session.get("again"), 2);
      for (const each of [sessions, others]) assert.equal(await each.tickets.redeem(ticket), undefined);
    },
  ),
  inEveryFormat(127, "each of several tickets of one session is valid by itself", async ({ sessions, others }) => {
    const session = await storedSession(sessions);
    const tickets = [await sessions.tickets.issue(session), await others.tickets.issue({ id: session.id })];
    assert.notEqual(tickets[0], tickets[1]);
    assert.deepEqual(await redeemed(sessions, tickets), [true, true]);
    assert.deepEqual(await redeemed(sessions, tickets), [false, false]);
  }),
  inEveryFormat(
    127,
    "of many callers that redeem a ticket at the same time, one gets the session",
    async ({ sessions, others }) => {
      const ticket = await sessions.tickets.issue(await storedSession(sessions));
      const all = await Promise.all([sessions, others, sessions, others].map((each) => each.tickets.redeem(ticket)));
      assert.equal(all.filter((found) => found !== undefined).length, 1);
    },
  ),
  inEveryFormat(
    127,
    "a caller that falls behind between the read and the end of a ticket gets nothing",
    async (fixture) => {
      const { sessions, others, handler } = fixture;
      const ticket = await sessions.tickets.issue(await storedSession(sessions));
      let other: unknown;
      handler.next(
        "destroy",
        after(async () => {
          other = await others.tickets.redeem(ticket);
        }),
      );
      assert.equal(await sessions.tickets.redeem(ticket), undefined);
      assert.notEqual(other, undefined);
    },
  ),
  inEveryFormat(127, "a record that has meanwhile replaced the ticket is left alone", async (fixture) => {
    const { sessions, store, handler } = fixture;
    const { ticket, key } = await issued(fixture, await storedSession(sessions));
    const replaces = (await store.read(key))?.version;
    const other = new TextEncoder().encode("{}");
    handler.next(
      "destroy",
      after(() => store.write(key, other, { replaces, ttlSeconds: 30 })),
    );
    assert.equal(await sessions.tickets.redeem(ticket), undefined);
    assert.notEqual(await store.read(key), undefined);
  }),
  inEveryFormat(127, "a lost reply lets nobody in, neither now nor later", async ({ sessions, others, handler }) => {
    for (const code of ["unavailable", "timeout"] as const) {
      const ticket = await sessions.tickets.issue(await storedSession(sessions));
      handler.next("destroy", losesReply(code));
      await rejects(sessions.tickets.redeem(ticket), code, "unknown");
      assert.deepEqual(await redeemed(others, [ticket]), [false]);
    }
  }),
  inEveryFormat(
    127,
    "a lost request lets the next caller in, and has no effect if it arrives late",
    async (fixture) => {
      const { sessions, others, handler } = fixture;
      const ticket = await sessions.tickets.issue(await storedSession(sessions));
      let arrive = async (): Promise<unknown> => undefined;
      handler.next("destroy", (apply) => {
        arrive = apply;
        return losesRequest()(apply);
      });
      await rejects(sessions.tickets.redeem(ticket), "unavailable", "unknown");
      assert.deepEqual(await redeemed(others, [ticket, ticket]), [true, false]);
      await arrive();
      assert.deepEqual(await redeemed(others, [ticket]), [false]);
    },
  ),
  inEveryFormat(127, "a ticket that cannot be read stays valid", async ({ sessions, others, handler }) => {
    const ticket = await sessions.tickets.issue(await storedSession(sessions));
    handler.next("read", refuses());
    await rejects(sessions.tickets.redeem(ticket), "unavailable", "not-applied");
    handler.next("destroy", refuses());
    await rejects(sessions.tickets.redeem(ticket), "unavailable", "not-applied");
    assert.deepEqual(await redeemed(others, [ticket]), [true]);
  }),
  inEveryFormat(
    127,
    "a ticket whose redemption is given up during the read stays valid",
    async ({ sessions, others, handler }) => {
      const ticket = await sessions.tickets.issue(await storedSession(sessions));
      const look = handler.hold("read");
      const controller = new AbortController();
      const redeeming = sessions.tickets.redeem(ticket, { signal: controller.signal });
      await look.arrived;
      controller.abort();
      await rejects(redeeming, "aborted", "not-applied");
      look.release();
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(handler.count("destroy"), 0);
      assert.deepEqual(await redeemed(others, [ticket]), [true]);
    },
  ),
  inEveryFormat(127, "if its session cannot be read, a ticket is used up nevertheless", async (fixture) => {
    const { sessions, others, handler } = fixture;
    const ticket = await sessions.tickets.issue(await storedSession(sessions));
    handler.next("read", (apply) => apply());
    handler.next("read", refuses());
    await rejects(sessions.tickets.redeem(ticket), "unavailable", "unknown");
    assert.deepEqual(await redeemed(others, [ticket]), [false]);
  }),
];
