import assert from "node:assert/strict";
import type { SessionData } from "express-session";
import type { Session, SessionManager, SessionManagerOptions } from "sessionwire";
import type { ExpressStore } from "sessionwire/express";
import type { Law } from "../laws/law.ts";
import { createScene, type FormatName, type Scene, type SessionSubject } from "./stage.ts";

type Check = (scene: Scene) => Promise<void>;
type Options = Partial<SessionManagerOptions>;

/** A law that holds in both formats. */
export function inBoth(law: number, says: string, check: Check, options?: Options): Law<SessionSubject>[] {
  return [...inNative(law, says, check, options), ...inExpress(law, says, check, options)];
}

export function inNative(law: number, says: string, check: Check, options?: Options): Law<SessionSubject>[] {
  return [inFormat("native", law, says, check, options)];
}

export function inExpress(law: number, says: string, check: Check, options?: Options): Law<SessionSubject>[] {
  return [inFormat("express", law, says, check, options)];
}

function inFormat(name: FormatName, law: number, says: string, check: Check, options?: Options): Law<SessionSubject> {
  return { law, says: `${says} [${name}]`, check: (subject) => check(createScene(subject, name, options)) };
}

/** The session, which must be there. */
export async function opened(sessions: SessionManager, id: string): Promise<Session> {
  const session = await sessions.open(id);
  assert.ok(session, "There is no such session.");
  return session;
}

/** What express-session is handed out. */
export async function handedOut(store: ExpressStore, id: string): Promise<SessionData> {
  return (await store.get(id)) as SessionData;
}

export const increment = (count: unknown = 0): number => Number(count) + 1;

/** Somebody else changes one attribute. */
export function someoneSets({ others }: Scene, id: string, name: string, value: unknown): () => Promise<void> {
  return () => others.update(id, (draft) => draft.set(name, value));
}

/** Somebody else writes so often. */
export async function someoneWrites({ others }: Scene, id: string, times: number): Promise<void> {
  for (let count = 1; count <= times; count += 1) await others.update(id, (draft) => draft.set("elsewhere", count));
}
