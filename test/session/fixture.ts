import assert from "node:assert/strict";
import type { ListingSessionHandler, Session, SessionManager, SessionManagerOptions } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import {
  createScriptedHandler,
  createVirtualClock,
  type ScriptedHandler,
  type VirtualClock,
} from "sessionwire/testing";
import type { SessionSubject } from "./subject.ts";

export type FormatName = "native" | "express";

/** Two processes on one store in the memory: `sessions`, on whose handler a test decides what becomes of calls, and `others`. */
export interface Fixture {
  readonly clock: VirtualClock;
  readonly store: ListingSessionHandler;
  readonly handler: ScriptedHandler;
  readonly format: SessionFormat;
  readonly sessions: SessionManager;
  readonly others: SessionManager;
  /** Starts one more process. */
  process(options?: Partial<SessionManagerOptions>): SessionManager;
}

export function createFixture(
  subject: SessionSubject,
  formatName: FormatName,
  options: Partial<SessionManagerOptions> = {},
): Fixture {
  const clock = createVirtualClock();
  const store = subject.createMemoryHandler({ clock });
  const handler = createScriptedHandler(store);
  const createFormat = formatName === "native" ? subject.nativeFormat : subject.expressFormat;
  const process = (own: Partial<SessionManagerOptions> = {}) =>
    subject.createSessionManager({ handler: store, format: createFormat(), clock, ...options, ...own });
  const others = process();
  return { clock, store, handler, format: others.format, sessions: process({ handler }), others, process };
}

/** Stores a session, and resolves to its id. */
export async function given({ others }: Fixture, attributes: Readonly<Record<string, unknown>>): Promise<string> {
  const session = await others.create();
  for (const [name, value] of Object.entries(attributes)) session.set(name, value);
  await session.save();
  return session.id;
}

/** The attributes that are stored, or `undefined` where there is no session. */
export async function stored({ others }: Fixture, id: string): Promise<Record<string, unknown> | undefined> {
  const session = await others.open(id, { keepAlive: false });
  return session && Object.fromEntries(session.names().map((name) => [name, session.copy(name)]));
}

/** The session, which must be there. */
export async function opened(sessions: SessionManager, id: string): Promise<Session> {
  return (await sessions.open(id)) ?? assert.fail("There is no such session.");
}

export const increment = (count: unknown = 0): number => Number(count) + 1;
