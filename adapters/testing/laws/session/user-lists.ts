import assert from "node:assert/strict";
import { losesReply, losesRequest, refuses } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { opened } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";
import { handleOf, isThere, keyOf, signedIn, signingIn, withUsers } from "./user-fixture.ts";

/** A live session of a user is in the user's list, or was not bound. */
export const userListLaws: readonly SessionLaw[] = [
  inEveryFormat(124, "a session is listed from the sign-in to its end, under its own handle", async (fixture) => {
    const own = withUsers(fixture);
    const session = await own.sessions.create();
    session.set("device", "a phone");
    await session.save();
    assert.deepEqual(await own.listed("ada"), []);
    session.set("user", "ada");
    await session.save();
    const [listed] = await own.others.ofUser("ada").list({ current: session });
    assert.equal(listed?.label, "a phone");
    assert.equal(listed.isCurrent, true);
    assert.equal(listed.boundAt, own.clock.now());
    assert.equal(listed.expiresAt, own.clock.now() + session.ttlSeconds * 1000);
    assert.ok(![session.id, await keyOf(own, session)].some((secret) => secret.includes(listed.handle)));
    assert.deepEqual(await own.listed("bob"), []);
    await session.destroy();
    assert.deepEqual(await own.listed("ada"), []);
  }),
  inEveryFormat(124, "a session that receives another id keeps its place and its handle", async (fixture) => {
    const own = withUsers(fixture);
    const session = await signedIn(own.sessions, "ada");
    const handle = await handleOf(own, "ada");
    const later = await signedIn(own.others, "ada");
    await session.regenerate();
    assert.deepEqual(
      (await own.others.ofUser("ada").list({ current: session })).map(({ isCurrent }) => isCurrent),
      [true, false],
    );
    await later.destroy();
    assert.equal(await handleOf(own, "ada"), handle);
  }),
  inEveryFormat(124, "a session is listed for its current user", async (fixture) => {
    const own = withUsers(fixture);
    const session = await signedIn(own.sessions, "ada");
    session.set("user", "bob");
    await session.regenerate();
    assert.deepEqual(await own.listed("ada"), []);
    await handleOf(own, "bob");
    await own.sessions.update(session.id, (draft) => draft.delete("user"));
    assert.deepEqual(await own.listed("bob"), []);
    assert.ok(await isThere(own, session));
    await own.sessions.update(session.id, (draft) => draft.set("user", "ada"));
    await handleOf(own, "ada");
    await own.sessions.update(session.id, (draft) => draft.set("user", "bob"));
    assert.equal(await own.store.read(userKeyIn(own)), undefined);
    await own.sessions.update(session.id, (draft) => draft.set("user", "ada"));
    await own.sessions.destroy(session.id);
    assert.deepEqual(await own.listed("ada"), []);
    assert.equal(await own.store.read(userKeyIn(own)), undefined);
  }),
  inEveryFormat(124, "the list is changed first, and if that fails, nothing is stored", async (fixture) => {
    const own = withUsers(fixture);
    own.handler.next("write", refuses());
    const session = await signingIn(own.sessions, "ada");
    await rejects(session.save(), "unavailable", "not-applied");
    own.handler.next("read", refuses());
    await rejects(session.save(), "unavailable", "not-applied");
    own.handler.next("write", losesRequest("timeout"));
    await rejects(session.save(), "timeout", "not-applied");
    assert.ok(!(await isThere(own, session)));
    await session.save();
    await handleOf(own, "ada");
  }),
  inEveryFormat(124, "a lost reply neither loses an entry nor creates a second one", async (fixture) => {
    const own = withUsers(fixture);
    own.handler.next("write", losesReply());
    await signedIn(own.sessions, "ada");
    await handleOf(own, "ada");
  }),
  inEveryFormat(124, "a caller that signs in while others do so each time is listed", async (fixture) => {
    const own = withUsers(fixture);
    const other = () => signedIn(own.others, "ada");
    own.handler.next("read", after(other));
    own.handler.next("write", after(other));
    own.handler.next("write", after(other)); // repeated
    own.handler.next("write", (apply) => apply()); // of the session
    own.handler.next("write", after(other));
    await signedIn(own.sessions, "ada");
    assert.equal((await own.listed("ada")).length, 5);
  }),
  inEveryFormat(124, "an entry that was removed while its session was stored is restored", async (fixture) => {
    const own = withUsers(fixture);
    const session = await signingIn(own.sessions, "ada");
    own.handler.next("write", (apply) => apply());
    own.handler.next(
      "write",
      after(() => own.others.ofUser("ada").endAll()),
    );
    await session.save();
    assert.ok(await isThere(own, session));
    await handleOf(own, "ada");
  }),
  inFormatsWith("tokens", 124, "so is an entry whose session turns out to be stored after all", async (fixture) => {
    const own = withUsers(fixture);
    const session = await own.sessions.create();
    session.set("a", 1);
    await session.save();
    session.set("user", "ada");
    own.handler.next("write", (apply) => apply());
    own.handler.next(
      "write",
      after(() => own.others.ofUser("ada").endAll(), losesReply()),
    );
    await session.save();
    await handleOf(own, "ada");
  }),
  inEveryFormat(
    124,
    "a caller that finds a session unbound does not unlist it if it is bound meanwhile",
    async (fixture) => {
      const own = withUsers(fixture);
      await signedIn(own.others, "ada");
      const session = await signedIn(own.sessions, "ada");
      const again = await opened(own.others, session.id);
      session.delete("user");
      const write = own.handler.hold("write"); // of the session
      const saving = session.save();
      await write.arrived;
      const look = own.handler.hold("write"); // of the list, without it
      write.release();
      await look.arrived;
      again.set("user", "ada");
      again.set("again", 1);
      await again.refresh();
      await again.save();
      look.release();
      await saving;
      assert.equal((await own.listed("ada")).length, 2);
    },
  ),
  inEveryFormat(124, "a refused binding leaves no entry", async (fixture) => {
    const own = withUsers(fixture);
    const session = await own.sessions.create();
    session.set("a", 1);
    await session.save();
    session.set("user", "ada");
    own.handler.next("write", (apply) => apply());
    own.handler.next(
      "write",
      after(() => fixture.others.destroy(session.id)),
    );
    await rejects(session.save(), "gone", "not-applied");
    assert.equal(await own.store.read(userKeyIn(own)), undefined);
  }),
  inEveryFormat(124, "a copy that cannot be confirmed is removed, whoever it belonged to before", async (fixture) => {
    const own = withUsers(fixture);
    for (const user of [undefined, "ada"]) {
      const session = await own.sessions.create();
      session.set("a", 1);
      if (user) session.set("user", user);
      await session.save();
      session.set("user", "ada");
      own.handler.next("write", (apply) => apply(), 2);
      const { length } = own.handler.calls;
      own.handler.next("write", refuses());
      await rejects(session.regenerate(), "unavailable", "not-applied");
      const keys = own.handler.calls.slice(length).map(({ key }) => key);
      const copies = keys.filter((key) => key.startsWith(own.format.keyPrefix));
      for (const key of copies) {
        const isOld = key === (await own.format.keyOf(session.id));
        assert.equal((await own.store.read(key)) !== undefined, isOld);
      }
      assert.ok(copies.length > 0);
      assert.ok(await isThere(own, session));
    }
  }),
  inEveryFormat(124, "sessions from before there was a list are in it once they have been used", async (fixture) => {
    const own = withUsers(fixture);
    const session = await signedIn(fixture.others, "ada");
    assert.deepEqual(await own.listed("ada"), []);
    await opened(own.sessions, session.id);
    await handleOf(own, "ada");
    session.set("b", 1);
    await session.save();
    await own.others.update(session.id, (draft) => draft.set("c", 1));
    await handleOf(own, "ada");
  }),
  inEveryFormat(124, "a list lives as long as its sessions are used", async (fixture) => {
    const own = withUsers(fixture);
    const session = await signedIn(own.sessions, "ada");
    const halfMs = session.ttlSeconds * 500 - 1;
    const isListed = async () => {
      for (let count = 0; count < 2; count += 1) {
        await own.clock.advance(halfMs);
        await handleOf(own, "ada");
      }
    };
    for (let count = 0; count < 5; count += 1) {
      await isListed();
      await session.touch();
    }
    for (let count = 0; count < 5; count += 1) {
      await isListed();
      await own.others.update(session.id, (draft) => draft.set("count", count));
    }
  }),
  inEveryFormat(124, "expired sessions are not listed, and are forgotten", async (fixture) => {
    const own = withUsers(fixture);
    for (let count = 0; count < 15; count += 1) await signedIn(own.sessions, "ada");
    const { ttlSeconds } = await signedIn(own.sessions, "ada");
    await own.clock.advance((ttlSeconds - 70) * 1000);
    const key = userKeyIn(own);
    const { length = 0 } = (await own.store.read(key))?.data ?? {};
    await own.clock.advance(70_000);
    assert.deepEqual(await own.listed("ada"), []);
    await signedIn(own.sessions, "ada");
    assert.equal((await own.listed("ada")).length, 1);
    assert.ok(((await own.store.read(key))?.data.length ?? length) < length / 8);
  }),
  inEveryFormat(124, "a value that cannot name a user is refused, and nothing is stored", async (fixture) => {
    const own = withUsers(fixture);
    for (const user of ["", true, Number.MAX_VALUE * 10, "\ud800", {}]) {
      const odd = withUsers(fixture, { idOf: () => user });
      const session = await signingIn(odd.sessions, "ada");
      await assert.rejects(session.save(), TypeError);
      assert.ok(!(await isThere(own, session)));
      const stored = await signedIn(fixture.others, "ada"); // by a process that keeps no lists
      const found = await opened(odd.sessions, stored.id);
      await found.destroy();
      assert.ok(!(await isThere(own, stored)));
      assert.throws(() => own.sessions.ofUser(user as string), TypeError);
    }
    assert.throws(() => fixture.sessions.ofUser("ada"), TypeError);
    const nobody = withUsers(fixture, { idOf: () => null });
    await signedIn(nobody.sessions, "ada");
    const numbered = withUsers(fixture, { idOf: () => 7 });
    await signedIn(numbered.sessions, "ada");
    assert.equal((await own.listed("7")).length, 0);
    assert.equal((await numbered.others.ofUser(7).list()).length, 1);
  }),
];

/** Returns the key of the only list that was written. */
function userKeyIn({ handler }: Pick<ReturnType<typeof withUsers>, "handler">): string {
  const keys = new Set(handler.calls.map(({ key }) => key).filter((key) => key.startsWith("user:")));
  return [...keys][0] ?? assert.fail("There is no list.");
}
