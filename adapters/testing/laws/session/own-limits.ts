import assert from "node:assert/strict";
import type { Session } from "sessionwire";
import { given, opened, stored } from "./actions.ts";
import type { SessionFixture } from "./fixture.ts";
import { inFormatsWith, type SessionLaw } from "./session-law.ts";

const options = { idleTimeoutSeconds: 10, lifetimeSeconds: 100 };

/** A session with limits of its own lives by these, and no other one does. */
export const ownLimitLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "limits of one session",
    144,
    "a session with an idle timeout of its own lives by it, and others by that of the manager",
    async (fixture) => {
      const own = await givenOwn(fixture, { idleTimeoutSeconds: 40 });
      const id = await given(fixture, { a: 1 });
      await fixture.clock.advance(39_000);
      assert.equal((await opened(fixture.others, own.id)).ttlSeconds, 40);
      await fixture.clock.advance(39_000);
      assert.equal((await opened(fixture.sessions, own.id)).ttlSeconds, 22); // the rest of the lifetime
      assert.equal(await stored(fixture, id), undefined);
    },
    options,
  ),
  inFormatsWith(
    "limits of one session",
    144,
    "it is kept alive for its own time by a read, a touch, a save, an update and a move",
    async (fixture) => {
      const session = await givenOwn(fixture, { idleTimeoutSeconds: 40, lifetimeSeconds: 1000 });
      const uses: ((session: Session) => Promise<unknown>)[] = [
        ({ id }) => fixture.others.open(id),
        (each) => each.touch(),
        (each) => {
          each.set("a", 2);
          return each.save();
        },
        ({ id }) => fixture.others.update(id, (draft) => draft.set("a", 3)),
        (each) => each.refresh(),
        (each) => each.regenerate(),
      ];
      for (const use of uses) {
        await use(session);
        await fixture.clock.advance(39_000);
        const found = await fixture.others.open(session.id, { keepAlive: false });
        assert.equal(found?.metadata.get("idleTimeoutSeconds"), 40);
        await opened(fixture.others, session.id);
      }
      await fixture.clock.advance(40_000);
      assert.equal(await stored(fixture, session.id), undefined);
    },
    options,
  ),
  inFormatsWith(
    "limits of one session",
    144,
    "a lifetime of its own ends it, whichever is longer",
    async (fixture) => {
      const long = await givenOwn(fixture, { idleTimeoutSeconds: 150, lifetimeSeconds: 200 });
      const short = await givenOwn(fixture, { idleTimeoutSeconds: 150, lifetimeSeconds: 50 });
      assert.deepEqual([long.ttlSeconds, short.ttlSeconds], [150, 50]);
      await fixture.clock.advance(50_000);
      assert.equal(await stored(fixture, short.id), undefined);
      await fixture.clock.advance(60_000);
      assert.equal((await opened(fixture.sessions, long.id)).ttlSeconds, 90);
      await fixture.clock.advance(90_000);
      assert.equal(await stored(fixture, long.id), undefined);
    },
    options,
  ),
  inFormatsWith(
    "limits of one session",
    144,
    "null gives it the limits of the manager again",
    async (fixture) => {
      const session = await givenOwn(fixture, { idleTimeoutSeconds: 40 });
      session.metadata.set("idleTimeoutSeconds", null);
      await session.save();
      await fixture.clock.advance(10_000);
      assert.equal(await stored(fixture, session.id), undefined);
    },
    options,
  ),
  inFormatsWith(
    "limits of one session",
    144,
    "the browser keeps its cookie as long as it may live, and forgets others when it is closed",
    async (fixture) => {
      const ageOf = async (session: Session) =>
        /; Max-Age=(\d+)/.exec(await fixture.sessions.cookie.serialize(session))?.[1];
      assert.equal(await ageOf(await opened(fixture.sessions, await given(fixture, { a: 1 }))), undefined);
      const session = await givenOwn(fixture, { idleTimeoutSeconds: 40 });
      assert.equal(await ageOf(session), "100");
      await fixture.clock.advance(1500);
      assert.equal(await ageOf(session), "98");
      assert.equal(await ageOf(await givenOwn(fixture, { lifetimeSeconds: 500 })), "500");
    },
    options,
  ),
  inFormatsWith(
    "limits of one session",
    144,
    "the list of a user keeps it as long as it lives",
    async (fixture) => {
      const sessions = fixture.process({ users: { idOf: (session) => session.get("user") } });
      const session = await sessions.create();
      session.set("user", "Ann");
      session.metadata.set("idleTimeoutSeconds", 500);
      session.metadata.set("lifetimeSeconds", 1000);
      await session.save();
      await fixture.clock.advance(400_000);
      assert.equal((await sessions.ofUser("Ann").list()).length, 1);
      await sessions.ofUser("Ann").endAll();
      assert.equal(await stored(fixture, session.id), undefined);
    },
    options,
  ),
  inFormatsWith(
    "limits of one session",
    144,
    "a limit that is no whole number of seconds is refused",
    async (fixture) => {
      const session = await fixture.sessions.create();
      for (const seconds of [0, 1.5, "60", 2 ** 31, true]) {
        assert.throws(() => session.metadata.set("idleTimeoutSeconds", seconds), RangeError);
      }
      assert.equal(session.isChanged, false);
    },
  ),
];

/** Stores a session with these limits. */
async function givenOwn({ sessions }: SessionFixture, limits: Readonly<Record<string, number>>): Promise<Session> {
  const session = await sessions.create();
  session.set("a", 1);
  for (const [name, seconds] of Object.entries(limits)) session.metadata.set(name, seconds);
  await session.save();
  return session;
}
