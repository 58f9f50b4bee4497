import { expect, vi } from "vitest";
import { CLOSED_WITHIN_MS } from "./bound.ts";
import type { Endings, OpenSocket } from "./processes.ts";
import type { EndingKind, EndingSession } from "./questions.ts";

/** Ten times the time that is allowed. */
export const patient: { readonly timeout: number; readonly interval: number } = {
  timeout: 10 * CLOSED_WITHIN_MS,
  interval: 5,
};
/** Enough for several such waits. */
export const TEST_TIMEOUT_MS: number = 3 * patient.timeout;

const kinds: readonly EndingKind[] = ["destroy", "endAll", "regenerate"];

/** The codes with which sockets were closed, by the kind of the ending. */
export type CloseCodes = Readonly<Record<EndingKind, readonly number[]>>;

/** The end of the sockets of both processes. */
export interface EndedSockets {
  readonly here: CloseCodes;
  readonly elsewhere: CloseCodes;
}

/** The end that they have where nothing goes wrong: those that move go on with their session here, and come again elsewhere. */
export const endedInOrder: EndedSockets = {
  here: { destroy: [1008], endAll: [1008], regenerate: [] },
  elsewhere: { destroy: [1008], endAll: [1008], regenerate: [4301] },
};

/** The sockets of sessions that are to end in each way, on both sides, and of sessions that stay. */
interface Scene {
  readonly sessions: readonly EndingSession[];
  readonly own: readonly OpenSocket[];
  readonly others: readonly OpenSocket[];
  readonly strangers: readonly OpenSocket[];
}

/**
 * Ends sessions in one process, in the midst of trouble, and expects all their sockets in the other one to close, and no others. A session that
 * moves in the midst of trouble may do so unnoticed, and then has ended for all.
 */
export async function endDuring(
  trouble: string,
  stage: Endings,
  run: (end: () => Promise<void>) => Promise<void>,
  ofEachKind = 20,
): Promise<EndedSockets> {
  const { sessions, own, others, strangers } = await setScene(stage, ofEachKind);
  const startedAt = performance.now();
  await run(() => stage.here.end(sessions));
  await vi.waitUntil(() => others.every(isClosed), patient).catch(() => {});
  expect(others.filter((socket) => !isClosed(socket)).map(({ session }) => session)).toEqual([]);
  const ms = Math.round(performance.now() - startedAt);
  console.info(`${trouble}: ${others.length} sockets closed ${ms} ms after the beginning`);
  const mustClose = own.filter((_, place) => sessions[place]?.kind !== "regenerate");
  await vi.waitUntil(() => mustClose.every(isClosed), patient);
  expect(strangers.filter(isClosed).map(({ session }) => session)).toEqual([]);
  const ended = { here: await codesOf(sessions, own), elsewhere: await codesOf(sessions, others) };
  for (const { client } of [...own, ...strangers]) client.socket.terminate();
  return ended;
}

async function setScene({ here, elsewhere }: Endings, ofEachKind: number): Promise<Scene> {
  const created = await here.create((kinds.length + 1) * ofEachKind);
  const sessions = created
    .slice(ofEachKind)
    .map((session, place) => ({ ...session, kind: kinds[place % kinds.length] ?? "destroy" }));
  const [own, others, strangers] = await Promise.all([
    here.connect(sessions),
    elsewhere.connect(sessions),
    elsewhere.connect(created.slice(0, ofEachKind)),
  ]);
  return { sessions, own, others, strangers };
}

/** Of those that are closed. */
async function codesOf(sessions: readonly EndingSession[], sockets: readonly OpenSocket[]): Promise<CloseCodes> {
  const codes: Record<EndingKind, number[]> = { destroy: [], endAll: [], regenerate: [] };
  for (const [place, socket] of sockets.entries()) {
    if (!isClosed(socket)) continue;
    const { code } = await socket.client.closed;
    const ofKind = codes[sessions[place]?.kind ?? "destroy"];
    if (!ofKind.includes(code)) ofKind.push(code);
  }
  return codes;
}

function isClosed({ client }: OpenSocket): boolean {
  return !client.isOpen;
}
