import assert from "node:assert/strict";
import { isSessionError, type Session, type SessionDraft, type SessionManager } from "sessionwire";
import type { CallBehaviour } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import type { SessionFixture } from "./fixture.ts";

/** Number of writes whose tokens a record keeps. */
export const TOKENS_KEPT = 16;

/**
 * Time for which other callers wait until the store answers a caller, and time until they notice that it has passed, in
 * ms.
 */
export const LIMIT_MS = 10_000;
export const NOTICED_MS = 400;

/** Stores a session, and resolves to its id. */
export async function given(
  { others }: Pick<SessionFixture, "others">,
  attributes: { readonly [name: string]: unknown },
): Promise<string> {
  const session = await others.create();
  for (const [name, value] of Object.entries(attributes)) session.set(name, value);
  await session.save();
  return session.id;
}

/** Returns the stored attributes, or `undefined` if there is no session. */
export async function stored({ others }: SessionFixture, id: string): Promise<Record<string, unknown> | undefined> {
  const session = await others.open(id, { keepAlive: false });
  return session && Object.fromEntries(session.names().map((name) => [name, session.copy(name)]));
}

/** Returns the session, which must exist. */
export async function opened(sessions: SessionManager, id: string): Promise<Session> {
  const session = await sessions.open(id);
  assert.ok(session, "There is no such session.");
  return session;
}

/** Changes one attribute, as another process. */
export function someoneSets({ others }: SessionFixture, id: string, name: string, value: unknown): () => Promise<void> {
  return () => others.update(id, (draft) => draft.set(name, value));
}

/** Writes several times, as another process. */
export async function someoneWrites({ others }: SessionFixture, id: string, times: number): Promise<void> {
  for (let count = 1; count <= times; count += 1) await others.update(id, (draft) => draft.set("elsewhere", count));
}

export const increment = (count: unknown = 0): number => Number(count) + 1;

/** Increments the counter, and resolves to its new value. */
export function countUp({ sessions }: SessionFixture, id: string): Promise<unknown> {
  return sessions.update(id, (draft: SessionDraft) => {
    draft.update("count", increment);
    return draft.get("count");
  });
}

/** Creates a session whose count is 0 in the store, and 1 in `holder`, which is not saved. */
export async function givenUnsavedCount({ sessions, others }: SessionFixture): Promise<HeldCount> {
  const id = await given({ others }, { count: 0 });
  const holder = await opened(sessions, id);
  holder.update("count", increment);
  return { id, holder };
}

/** Does the same, after a save that had no answer in time. */
export async function givenUnknownCount(fixture: SessionFixture, behaviour: CallBehaviour): Promise<HeldCount> {
  const held = await givenUnsavedCount(fixture);
  fixture.handler.next("write", behaviour);
  await rejects(held.holder.save(), "timeout", "unknown");
  return held;
}

/** A session, and an object that holds it. */
export interface HeldCount {
  readonly id: string;
  readonly holder: Session;
}

/** Returns the attributes that a draft shows. */
export function visible(draft: SessionDraft): Record<string, unknown> {
  for (const name of draft.names()) assert.ok(draft.has(name));
  return Object.fromEntries(draft.names().map((name) => [name, draft.get(name)]));
}

/** Stores a session with waiting messages of the type `notice`, and resolves to its id. */
export async function givenMessages(fixture: SessionFixture, messages: readonly string[]): Promise<string> {
  const id = await given(fixture, { kept: 1 });
  await fixture.others.update(id, (draft) => {
    for (const message of messages) draft.flash.add("notice", message);
  });
  return id;
}

/** Returns the waiting messages of a session. */
export async function waitingMessages(sessions: SessionManager, id: string): Promise<readonly unknown[]> {
  return (await opened(sessions, id)).flash.peek("notice");
}

/** Stores a session that has a new id, and an old one that leads there for a while. */
export async function givenMoved(
  fixture: SessionFixture,
  graceSeconds: number,
): Promise<{ readonly id: string; readonly holder: Session }> {
  const id = await given(fixture, { a: 1 });
  const holder = await opened(fixture.sessions, id);
  await holder.regenerate({ graceSeconds });
  return { id, holder };
}

/** Returns the key of the first write since this many calls, which is the key of the copy when a session moves. */
export function keyOfCopy({ handler }: SessionFixture, since: number): string {
  const write = handler.calls.slice(since).find(({ method }) => method === "write");
  assert.ok(write);
  return write.key;
}

/** Advances time until `work` is done, because several managers that change a session at once take turns. */
export async function whileTimePasses<T>({ clock }: Pick<SessionFixture, "clock">, work: Promise<T>): Promise<T> {
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  work.then(end, end);
  for (let ms = 0; !isDone && ms < LIMIT_MS; ms += 1) await clock.advance(1);
  return work;
}

/** Returns `"stored"`, or the outcome of a rejection. */
export async function outcomeOf(saving: Promise<void>): Promise<string | undefined> {
  return saving.then(
    () => "stored",
    (error: unknown) => {
      if (isSessionError(error)) return error.outcome;
      throw error;
    },
  );
}
