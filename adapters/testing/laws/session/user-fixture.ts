import assert from "node:assert/strict";
import type { Session, SessionManager, SessionManagerOptions, UserSession } from "sessionwire";
import type { SessionFixture } from "./fixture.ts";

/** The user of a session is what it holds under this name. */
export const users: NonNullable<SessionManagerOptions["users"]> = {
  idOf: (session) => session.get("user"),
  label: (session) => session.get("device") as string | undefined,
};

/** Two processes that keep lists of users: `sessions`, on whose handler a case decides what becomes of calls, and `others`. */
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

/** A new session of a user. */
export async function signedIn(sessions: SessionManager, user: string): Promise<Session> {
  const session = await signingIn(sessions, user);
  await session.save();
  return session;
}

/** The same, not saved yet. */
export async function signingIn(sessions: SessionManager, user: string): Promise<Session> {
  const session = await sessions.create();
  session.set("user", user);
  return session;
}

export async function isThere({ others }: SessionFixture, { id }: { readonly id: string }): Promise<boolean> {
  return (await others.open(id, { keepAlive: false })) !== undefined;
}

/** The handle of the only session of a user. */
export async function handleOf({ listed }: UserFixture, user: string): Promise<string> {
  const [session, ...more] = await listed(user);
  assert.equal(more.length, 0);
  return session?.handle ?? assert.fail("There is no session of the user.");
}

export async function keyOf({ format }: SessionFixture, { id }: { readonly id: string }): Promise<string> {
  return format.keyOf(id);
}
