import assert from "node:assert/strict";
import type { WriteResult } from "sessionwire";
import { losesReply } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { opened } from "./actions.ts";
import { after, before, loseNextWrite } from "./call-behaviours.ts";
import { connectedProcesses } from "./channel-stand-in.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";
import { handleOf, isThere, keyOf, signedIn, type UserFixture, users, withUsers } from "./user-fixture.ts";

/** The sessions that a user had at the time of the call, and that should end, no longer exist afterwards. */
export const userEndLaws: readonly SessionLaw[] = [
  inEveryFormat(125, "all sessions of a user end, and no others", async (fixture) => {
    const own = withUsers(fixture);
    const ending = [await signedIn(own.sessions, "ada"), await signedIn(own.others, "ada")];
    const staying = await signedIn(own.others, "bob");
    await own.sessions.ofUser("ada").endAll();
    for (const session of ending) assert.ok(!(await isThere(own, session)));
    assert.ok(await isThere(own, staying));
    assert.deepEqual(await own.listed("ada"), []);
    await own.sessions.ofUser("ada").endAll();
    ending[0]?.set("late", 1);
    await rejects(ending[0]?.save() ?? Promise.resolve(), "gone", "not-applied");
  }),
  inEveryFormat(125, "all sessions but one end", async (fixture) => {
    const own = withUsers(fixture);
    const ending = await signedIn(own.others, "ada");
    const staying = await signedIn(own.others, "ada");
    await staying.regenerate();
    await own.sessions.ofUser("ada").endAll({ except: staying });
    assert.ok(!(await isThere(own, ending)));
    assert.ok(await isThere(own, staying));
    await handleOf(own, "ada");
  }),
  inEveryFormat(125, "one session ends by its handle, whatever its current id", async (fixture) => {
    const own = withUsers(fixture);
    const session = await signedIn(own.sessions, "ada");
    const handle = await handleOf(own, "ada");
    const staying = await signedIn(own.sessions, "ada");
    await session.regenerate();
    await own.others.ofUser("bob").end(handle);
    assert.ok(await isThere(own, session));
    await own.others.ofUser("ada").end(handle);
    assert.ok(!(await isThere(own, session)));
    assert.ok(await isThere(own, staying));
    await own.others.ofUser("ada").end(handle);
  }),
  inEveryFormat(125, "sessions that end this way are reported here and elsewhere", async (fixture) => {
    const [here, there] = connectedProcesses(fixture, { users });
    const session = await signedIn(there, "ada");
    const heard: unknown[] = [];
    here.subscribe(({ at, ...event }) => heard.push(event));
    there.subscribe(({ type, origin }) => heard.push({ type, origin }));
    await here.ofUser("ada").endAll();
    const key = await keyOf(fixture, session);
    const id = fixture.format.idOf === undefined ? undefined : session.id;
    assert.deepEqual(heard, [
      { type: "ended", origin: "elsewhere" },
      { type: "ended", origin: "here", id, key, reason: "user" },
    ]);
  }),
  inEveryFormat(
    125,
    "ends that an earlier attempt made and did not report are reported by the next one",
    async (fixture) => {
      const [here, there] = connectedProcesses(fixture, { users, handler: fixture.handler });
      const session = await signedIn(there, "ada");
      const keyHash = there.hashOf(await keyOf(fixture, session));
      const heard: unknown[] = [];
      there.subscribe(({ at: _, ...event }) => heard.push(event));
      fixture.handler.next("destroy", losesReply("timeout"));
      await rejects(here.ofUser("ada").endAll(), "timeout", "unknown");
      assert.deepEqual(heard, []);
      await here.ofUser("ada").endAll();
      assert.deepEqual(heard, [{ type: "ended", origin: "elsewhere", keyHash }]);
    },
  ),
  inEveryFormat(125, "a session that no longer belongs to the user stays", async (fixture) => {
    const own = withUsers(fixture);
    const session = await signedIn(own.others, "ada");
    await fixture.others.update(session.id, (draft) => draft.set("user", "bob")); // by a process that keeps no lists
    await own.sessions.ofUser("ada").endAll();
    assert.ok(await isThere(own, session));
  }),
  inEveryFormat(125, "a concurrent save does not keep a session", async (fixture) => {
    const own = withUsers(fixture);
    const session = await signedIn(own.others, "ada");
    session.set("late", 1);
    own.handler.next(
      "destroy",
      after(() => session.save()),
    );
    await own.sessions.ofUser("ada").endAll();
    assert.ok(!(await isThere(own, session)));
  }),
  inEveryFormat(125, "a lost reply does not keep a session", async (fixture) => {
    const own = withUsers(fixture);
    const session = await signedIn(own.others, "ada");
    const next = await signedIn(own.others, "ada");
    own.handler.next("destroy", losesReply());
    await own.sessions.ofUser("ada").endAll();
    for (const each of [session, next]) assert.ok(!(await isThere(own, each)));
    const last = await signedIn(own.others, "ada");
    own.handler.next("destroy", losesReply("timeout"));
    await rejects(own.sessions.ofUser("ada").endAll(), "timeout", "unknown");
    await own.sessions.ofUser("ada").endAll();
    assert.ok(!(await isThere(own, last)));
  }),
  inEveryFormat(125, "a session that moves while all sessions end is looked for again", async (fixture) => {
    const own = withUsers(fixture);
    for (const step of ["read", "destroy", "write"] as const) {
      const session = await signedIn(own.others, "ada");
      const staying = await signedIn(own.others, "ada");
      if (step !== "read") await own.listed("ada");
      // The list is read first, and the write is the list without these sessions.
      if (step === "read") own.handler.next("read", (apply) => apply());
      own.handler.next(
        step,
        after(() => session.regenerate().catch(() => {})),
      );
      await own.sessions.ofUser("ada").endAll({ except: staying });
      assert.ok(!(await isThere(own, session)), step);
      await own.others.ofUser("ada").endAll();
    }
  }),
  inEveryFormat(125, "a session that was about to move when all sessions ended leaves no copy", async (fixture) => {
    const own = withUsers(fixture);
    for (let call = 0; call < 5; call += 1) {
      for (const method of ["write", "destroy"] as const) {
        const session = await signedIn(own.sessions, "ada");
        for (let before = 0; before < call; before += 1) own.handler.next(method, (apply) => apply());
        own.handler.next(
          method,
          after(() => own.others.ofUser("ada").endAll()),
        );
        const moving = session.regenerate().then(
          () => "moved",
          ({ code }) => code,
        );
        const end = await moving;
        await own.others.ofUser("ada").endAll();
        assert.ok(!(await isThere(own, session)));
        assert.ok(end === "gone" || end === "moved");
        assert.deepEqual(await sessionsIn(own), []);
        discardScript(own);
      }
    }
  }),
  inEveryFormat(125, "a copy that arrives when all sessions have ended is refused", async (fixture) => {
    const own = withUsers(fixture);
    const session = await signedIn(own.sessions, "ada");
    own.handler.next("write", (apply) => apply()); // of the list
    const arrive = loseNextWrite(own.handler, "timeout");
    await rejects(session.regenerate(), "timeout", "not-applied");
    await own.others.ofUser("ada").endAll();
    const { written } = (await arrive()) as WriteResult;
    assert.ok(!written);
    assert.deepEqual(await own.listed("ada"), []);
  }),
  inEveryFormat(125, "a session that is used while all sessions end is not listed again", async (fixture) => {
    const own = withUsers(fixture);
    const session = await signedIn(own.others, "ada");
    const endAll = () => own.others.ofUser("ada").endAll();
    own.handler.next(
      "read",
      before(endAll, (apply) => apply()),
    );
    await own.sessions.open(session.id);
    assert.equal(own.handler.count("write"), 0);
  }),
  inEveryFormat(125, "a session that has ended this way is not even copied for a move", async (fixture) => {
    const own = withUsers(fixture);
    const session = await signedIn(own.sessions, "ada");
    const held = await opened(own.sessions, session.id);
    await own.others.ofUser("ada").endAll();
    const since = own.handler.calls.length;
    await rejects(held.regenerate(), "gone", "not-applied");
    assert.deepEqual(
      own.handler.calls.slice(since).filter(({ method }) => method === "write"),
      [],
    );
  }),
];

/** Returns the keys under which a case has written, and which still hold a session of a user. */
async function sessionsIn({ handler, store, format }: UserFixture): Promise<string[]> {
  const keys = new Set(handler.calls.map(({ key }) => key).filter((key) => key.startsWith(format.keyPrefix)));
  const found = await Promise.all(
    [...keys].map(async (key) => {
      const stored = await store.read(key);
      return stored && format.decode(stored.data).attributes.has("user") ? [key] : [];
    }),
  );
  return found.flat();
}

/** A case may determine the fate of calls that are never made. */
function discardScript({ handler }: UserFixture): void {
  for (const method of ["write", "destroy"] as const) {
    handler.next(method, (apply) => apply(), 0);
  }
}
