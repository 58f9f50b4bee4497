import {
  createSessionManager,
  expressFormat,
  isSessionError,
  nativeFormat,
  type SessionHandler,
  type SessionManager,
  type SessionManagerOptions,
} from "sessionwire";
import { describe, expect, test } from "vitest";

/** The actions of several processes at the same time, each by its own handler. */
const PROCESSES = 3;
const ROUNDS = 8;
const users: NonNullable<SessionManagerOptions["users"]> = { idOf: (session) => session.get("user") };
const formats = { native: nativeFormat, express: expressFormat };

/** Defines the tests of users' sessions on a real store, of which each handler is another client. */
export function testUsers(createHandler: () => SessionHandler): void {
  describe.each(["native", "express"] as const)("in the %s format", (name) => {
    test("signed-in sessions are listed, and ended ones are gone, under any concurrent calls (laws 124 and 125)", async () => {
      await using managers = managersOn(createHandler, name, users);
      const user = `ada-${name}`;
      const [signedIn, ended] = [new Set<string>(), new Set<string>()];
      await managers.each(async (sessions, place) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          await untilDone(async () => signedIn.add(await signIn(sessions, user, round % 2 === 0)));
          if (round % 4 !== place) continue;
          const before = [...signedIn];
          await untilDone(() => sessions.ofUser(user).endAll());
          for (const id of before) ended.add(id);
        }
      });
      const [sessions] = managers.all;
      expect(ended.size).toBeGreaterThan(ROUNDS);
      expect(await livingOf(sessions, [...ended])).toEqual([]);
      const living = await livingOf(sessions, [...signedIn]);
      const listed = await Promise.all(living.map((id) => sessions.ofUser(user).list({ current: { id } })));
      for (const list of listed) expect(list.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
      expect(listed[0]?.length ?? 0).toBe(living.length);
    });

    test("of many concurrent sign-ins, as many sessions are left as allowed (law 126)", async () => {
      await using managers = managersOn(createHandler, name, { ...users, maxSessions: 2 });
      const ids: string[] = [];
      await managers.each(async (sessions) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          await untilDone(async () => ids.push(await signIn(sessions, `eve-${name}`, round % 2 === 0)));
        }
      });
      const [sessions] = managers.all;
      expect(await livingOf(sessions, ids)).toHaveLength(2);
      expect(await sessions.ofUser(`eve-${name}`).list()).toHaveLength(2);
    });
  });
}

interface Managers extends AsyncDisposable {
  readonly all: readonly [SessionManager, ...SessionManager[]];
  each(run: (sessions: SessionManager, place: number) => Promise<void>): Promise<unknown>;
}

function managersOn(
  createHandler: () => SessionHandler,
  name: keyof typeof formats,
  users: NonNullable<SessionManagerOptions["users"]>,
): Managers {
  const create = () => createSessionManager({ handler: createHandler(), format: formats[name](), users });
  const all = [create(), ...Array.from({ length: PROCESSES - 1 }, create)] as const;
  return {
    all,
    each: (run) => Promise.all(all.map(run)),
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((each) => each.close()));
    },
  };
}

/** Signs in at once, or by giving a new id to a session that is there. */
async function signIn(sessions: SessionManager, user: string, isMoving: boolean): Promise<string> {
  const session = await sessions.create();
  session.set("visits", 1);
  if (isMoving) await session.save();
  session.set("user", user);
  await (isMoving ? session.regenerate() : session.save());
  if (isMoving) await session.regenerate().catch(onlyGone); // it may have been ended meanwhile
  return session.id;
}

async function untilDone(act: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await act();
      return;
    } catch (error) {
      if (!isSessionError(error) || error.code !== "conflict") throw error;
    }
  }
}

function onlyGone(error: unknown): void {
  if (!isSessionError(error) || error.code !== "gone") throw error;
}

async function livingOf(sessions: SessionManager, ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all(ids.map((id) => sessions.open(id, { keepAlive: false })));
  return ids.filter((_, index) => found[index] !== undefined);
}
