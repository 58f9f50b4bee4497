import assert from "node:assert/strict";
import type { Session, SessionEvent } from "sessionwire";
import { rejects } from "../law.ts";
import { after, never } from "./call-behaviours.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";
import { isThere, keyOf, signedIn, signingIn, type UserFixture, withUsers } from "./user-fixture.ts";

/** A user never has more sessions than the limit. */
export const userLimitLaws: readonly SessionLaw[] = [
  inEveryFormat(126, "the oldest session of the user gives way before another one is stored", async (fixture) => {
    const own = withUsers(fixture, { maxSessions: 2 });
    const [first, second] = [await signedIn(own.sessions, "ada"), await signedIn(own.sessions, "ada")];
    await signedIn(own.sessions, "bob");
    await first.regenerate(); // which does not make it younger
    const third = await signedIn(own.sessions, "ada");
    assert.deepEqual(await living(own, [first, second, third]), [false, true, true]);
    const calls = own.handler.calls.map(({ method, key }) => `${method} ${key}`);
    const [ended, stored] = [`destroy ${await keyOf(own, first)}`, `write ${await keyOf(own, third)}`];
    assert.ok(calls.lastIndexOf(ended) < calls.indexOf(stored));
    assert.ok(calls.includes(ended));
    await second.regenerate();
    third.set("a", 1);
    await third.save();
    assert.deepEqual(await living(own, [second, third]), [true, true]);
  }),
  inEveryFormat(126, "a session that gives way is reported with the reason", async (fixture) => {
    const own = withUsers(fixture, { maxSessions: 1 });
    const session = await signedIn(own.sessions, "ada");
    const heard: SessionEvent[] = [];
    own.sessions.subscribe((event) => heard.push(event));
    await signedIn(own.sessions, "ada");
    const [ended] = heard.flatMap((event) => (event.type === "ended" && event.origin === "here" ? [event] : []));
    assert.deepEqual([ended?.key, ended?.reason], [await keyOf(own, session), "limit"]);
  }),
  inEveryFormat(126, "or another session is refused, and nothing is stored", async (fixture) => {
    const own = withUsers(fixture, { maxSessions: 2, whenFull: "refuse" });
    const [first, second] = [await signedIn(own.sessions, "ada"), await signedIn(own.others, "ada")];
    const third = await signingIn(own.sessions, "ada");
    await rejects(third.save(), "too-many", "not-applied");
    assert.deepEqual(await living(own, [first, second, third]), [true, true, false]);
    await second.regenerate();
    await first.destroy();
    await third.save();
    assert.deepEqual(await living(own, [second, third]), [true, true]);
  }),
  inEveryFormat(126, "expired sessions leave their places", async (fixture) => {
    const own = withUsers(fixture, { maxSessions: 2, whenFull: "refuse" });
    const [first, second] = [await signedIn(own.sessions, "ada"), await signedIn(own.sessions, "ada")];
    await fixture.others.destroy(first.id); // by a process that keeps no lists
    const third = await signedIn(own.sessions, "ada");
    assert.deepEqual(await living(own, [second, third]), [true, true]);
    await rejects((await signingIn(own.sessions, "ada")).save(), "too-many", "not-applied");
  }),
  inEveryFormat(126, "a change that shares a write with a refused sign-in is stored", async (fixture) => {
    const own = withUsers(fixture, { maxSessions: 1, whenFull: "refuse" });
    await signedIn(own.sessions, "ada");
    const session = await own.sessions.create();
    session.set("a", 1);
    await session.save();
    const signIn = own.sessions.update(session.id, (draft) => draft.set("user", "ada"));
    const other = own.sessions.update(session.id, (draft) => draft.set("a", 2));
    await rejects(signIn, "too-many", "not-applied");
    await other;
    await session.refresh();
    assert.deepEqual([session.get("a"), session.get("user")], [2, undefined]);
  }),
  inEveryFormat(126, "a session that is about to be stored has its place", async (fixture) => {
    const own = withUsers(fixture, { maxSessions: 1, whenFull: "refuse" });
    const session = await signingIn(own.sessions, "ada");
    const other = await signingIn(own.others, "ada");
    own.handler.next("write", (apply) => apply());
    own.handler.next(
      "write",
      after(() => rejects(other.save(), "too-many", "not-applied")),
    );
    await session.save();
    assert.deepEqual(await living(own, [session, other]), [true, false]);
  }),
  inEveryFormat(126, "a session that its process never stores leaves its place after a minute", async (fixture) => {
    const own = withUsers(fixture, { maxSessions: 1, whenFull: "refuse" });
    own.handler.next("write", (apply) => apply()); // to the list
    for (let count = 0; count < 10; count += 1) own.handler.next("write", never);
    (await signingIn(own.sessions, "ada")).save().catch(() => {});
    await fixture.clock.advance(30_000);
    const session = await signingIn(own.others, "ada");
    await rejects(session.save(), "too-many", "not-applied");
    await fixture.clock.advance(31_000);
    await session.save();
    assert.ok(await isThere(own, session));
  }),
  inEveryFormat(126, "a session that is just receiving another id has one place", async (fixture) => {
    const own = withUsers(fixture, { maxSessions: 2 });
    const session = await signedIn(own.sessions, "ada");
    own.handler.next("write", (apply) => apply());
    own.handler.next(
      "write",
      after(() => signedIn(own.others, "ada")),
    );
    await session.regenerate();
    assert.ok(await isThere(own, session));
    assert.equal((await own.listed("ada")).length, 2);
  }),
  inEveryFormat(126, "of two sessions that are stored at the same time, the older one ends", async (fixture) => {
    const own = withUsers(fixture, { maxSessions: 1 });
    const session = await signingIn(own.sessions, "ada");
    const other = await signingIn(own.others, "ada");
    own.handler.next("write", (apply) => apply());
    own.handler.next(
      "write",
      after(() => other.save()),
    );
    await session.save();
    assert.equal((await living(own, [session, other])).filter(Boolean).length, 1);
    assert.equal((await own.listed("ada")).length, 1);
  }),
  inEveryFormat(126, "of many created at once in one process, the limit is never exceeded", async (fixture) => {
    const own = withUsers(fixture, { maxSessions: 3 });
    const sessions = await Promise.all(Array.from({ length: 20 }, () => signingIn(own.sessions, "ada")));
    let most = 0;
    for (let count = 0; count < 1000; count += 1)
      own.handler.next(
        "write",
        after(async () => {
          most = Math.max(most, (await living(own, sessions)).filter(Boolean).length);
        }),
      );
    await Promise.all(sessions.map((session) => session.save()));
    assert.equal((await living(own, sessions)).filter(Boolean).length, 3);
    assert.ok(most <= 3, `${most} at once`);
  }),
];

function living(own: UserFixture, sessions: readonly Session[]): Promise<boolean[]> {
  return Promise.all(sessions.map((session) => isThere(own, session)));
}
