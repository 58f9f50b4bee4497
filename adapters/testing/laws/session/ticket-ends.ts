import assert from "node:assert/strict";
import { rejects } from "../law.ts";
import { opened } from "./actions.ts";
import { before } from "./call-behaviours.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";
import { redeemed, storedSession } from "./ticket-fixture.ts";
import { signedIn, withUsers } from "./user-fixture.ts";

/** A ticket is valid until its time is up, for its session under the id that it was issued for. */
export const ticketEndLaws: readonly SessionLaw[] = [
  inEveryFormat(128, "a ticket is valid for 30 s, or as long as requested", async ({ sessions, others, clock }) => {
    const session = await storedSession(sessions);
    for (const ttlSeconds of [undefined, 1, 300]) {
      const issue = () => sessions.tickets.issue(session, { ttlSeconds });
      const [first, second] = [await issue(), await issue()];
      await clock.advance((ttlSeconds ?? 30) * 1000 - 1);
      assert.deepEqual(await redeemed(others, [first]), [true]);
      await clock.advance(1);
      assert.deepEqual(await redeemed(others, [second]), [false]);
    }
    for (const ttlSeconds of [0, -1, 1.5, 301, Number.NaN, Number.POSITIVE_INFINITY, "30"]) {
      await assert.rejects(sessions.tickets.issue(session, { ttlSeconds: ttlSeconds as number }), RangeError);
    }
  }),
  inEveryFormat(128, "a ticket ends with its session, whoever ends it", async (fixture) => {
    const own = withUsers(fixture);
    const { sessions, others } = own;
    const ends: readonly ((id: string) => Promise<unknown>)[] = [
      (id) => sessions.destroy(id),
      (id) => others.destroy(id),
      () => others.ofUser("ada").endAll(),
      async (id) => (await opened(others, id)).invalidate(),
    ];
    for (const end of ends) {
      const session = await signedIn(sessions, "ada");
      const ticket = await sessions.tickets.issue(session);
      await end(session.id);
      for (const each of [sessions, others]) assert.deepEqual(await redeemed(each, [ticket]), [false]);
    }
  }),
  inEveryFormat(
    128,
    "a ticket does not outlive a session that expires",
    async ({ sessions, others, clock }) => {
      const session = await storedSession(sessions);
      const ticket = await sessions.tickets.issue(session);
      await clock.advance(10_000);
      assert.deepEqual(await redeemed(others, [ticket]), [false]);
    },
    { idleTimeoutSeconds: 10 },
  ),
  inEveryFormat(128, "a session that ends while its ticket is redeemed is not handed out", async (fixture) => {
    const { sessions, others, handler } = fixture;
    const session = await storedSession(sessions);
    const ticket = await sessions.tickets.issue(session);
    handler.next(
      "destroy",
      before(
        () => others.destroy(session.id),
        (apply) => apply(),
      ),
    );
    assert.deepEqual(await redeemed(sessions, [ticket]), [false]);
  }),
  inEveryFormat(128, "a ticket does not lead to the session under a new id", async ({ sessions, others }) => {
    const session = await storedSession(sessions);
    const ticket = await sessions.tickets.issue(session);
    await session.regenerate();
    assert.deepEqual(await redeemed(others, [ticket]), [false]);
    assert.deepEqual(await redeemed(others, [await others.tickets.issue(session)]), [true]);
  }),
  inFormatsWith(
    "forwards",
    128,
    "nor does it in the grace period of the old one, for which no ticket is issued",
    async (fixture) => {
      const { sessions, others } = fixture;
      const session = await storedSession(sessions);
      const { id } = session;
      const ticket = await sessions.tickets.issue(session);
      await session.regenerate({ graceSeconds: 30 });
      assert.deepEqual(await redeemed(others, [ticket]), [false]);
      await rejects(others.tickets.issue(await opened(others, id)), "read-only", "not-applied");
      assert.deepEqual(await redeemed(others, [await others.tickets.issue({ id })]), [false]);
    },
  ),
  inEveryFormat(128, "no ticket is issued for a session that is not stored, or has ended", async ({ sessions }) => {
    const session = await sessions.create();
    session.set("a", 1);
    await rejects(sessions.tickets.issue(session), "gone", "not-applied");
    await session.save();
    await session.destroy();
    await rejects(sessions.tickets.issue(session), "gone", "not-applied");
    for (const odd of [undefined, null, "", session.id, {}, { id: "" }, { id: 1 }]) {
      await assert.rejects(sessions.tickets.issue(odd as never), TypeError);
    }
  }),
  inFormatsWith(
    "adopted ids",
    128,
    "a ticket is issued for a session that is stored a moment later under a chosen id",
    async (fixture) => {
      const { sessions, others } = fixture;
      const session = await sessions.create();
      session.set("a", 1);
      const { id } = session;
      const tickets = [await others.tickets.issue({ id }), await others.tickets.issue({ id })];
      assert.deepEqual(await redeemed(others, tickets.slice(0, 1)), [false]);
      await session.save();
      assert.deepEqual(await redeemed(others, tickets.slice(1)), [true]);
    },
  ),
];
