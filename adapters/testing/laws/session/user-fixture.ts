import assert from "node:assert/strict";
import type { Session, SessionManager, SessionManagerOptions, UserSession } from "sessionwire";
import type { SessionFixture } from "./fixture.ts";

/** The name of the attribute that holds the user of a session. */
export const users: NonNullable<SessionManagerOptions["users"]> = {
  idOf: (session) => session.get("user"),
  label: (session) => session.get("device") as string | undefined,
};

/**
 * Two processes that keep lists of users: `sessions`, on whose handler a case determines the fate of calls, and
 * `others`.
 */
export interface UserFixture extends SessionFixture {
  listed(user: string): Promise<UserSession[]>;
}

export function withUsers(
  fixture: SessionFixture,
  limits: Partial<NonNullable<SessionManagerOptions["users"]>> = {},
): UserFixture {
  const options = { users: { ...users, ...limits } };
  const others = fixture.process(options);
  const sessions = fixture.process({ ...options, handler: fixture.handler });
  return { ...fixture, sessions, others, listed: (user) => others.ofUser(user).list() };
}

/** Creates a session of a user. */
export async function signedIn(sessions: SessionManager, user: string): Promise<Session> {
  const session = await signingIn(sessions, user);
  await session.save();
  return session;
}

/** Creates a session of a user without saving it. */
export async function signingIn(sessions: SessionManager, user: string): Promise<Session> {
  const session = await sessions.create();
  session.set("user", user);
  session.set("kept", 1); // a session without anything may end
  return session;
}

export async function isThere({ others }: SessionFixture, { id }: { readonly id: string }): Promise<boolean> {
  return (await others.open(id, { keepAlive: false })) !== undefined;
}

/** Returns the handle of the only session of a user. */
export async function handleOf({ listed }: UserFixture, user: string): Promise<string> {
  const [session, ...more] = await listed(user);
  assert.equal(more.length, 0);
  return session?.handle ?? assert.fail("There is no session of the user.");
}

export async function keyOf({ format }: SessionFixture, { id }: { readonly id: string }): Promise<string> {
  return format.keyOf(id);
}
