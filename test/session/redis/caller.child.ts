import {
  createSessionManager,
  expressFormat,
  isSessionError,
  nativeFormat,
  type Session,
  type SessionDraft,
  withConnectionCheck,
} from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { begin, end } from "../../processes/processes.ts";
import { countConflicts } from "./conflicts.ts";
import { present } from "./writers.ts";

// Makes so many calls that add 1 to a count in a session, as another process does at the same time. Each call also leaves its
// number in the session, so that what has become of each can be told afterwards.

/** What the processes keep in the session: a count, and by the name of each the numbers of its calls. */
export interface Called {
  readonly n: number;
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** By their numbers, which calls came to what; and how often. */
export interface CallReport {
  readonly resolved: number[];
  readonly unknown: number[];
  readonly notApplied: number[];
  /** Saves that were in doubt, and saved again. */
  readonly doubts: number;
  /** Doubts that the session could not clear up, so that the application looked for its number. */
  readonly undecidable: number;
  readonly conflicts: number;
}

const { REDIS_URL: url = "", SESSION_ID: id = "", PROCESS_NAME, TIMES, WAY, FORMAT } = process.env;
const times = Number(TIMES);
const name = PROCESS_NAME as "first" | "second";
const report = { resolved: [], unknown: [], notApplied: [], doubts: 0, undecidable: 0 } as {
  -readonly [Name in Exclude<keyof CallReport, "conflicts">]: CallReport[Name];
};
const inner = countConflicts(createRedisHandler(url, { timeoutMs: 1000 }));
const handler = withConnectionCheck(inner, { pingTimeoutMs: 300, reconnectTimeoutMs: 1000 });
const format = FORMAT === "express" ? expressFormat() : nativeFormat();
const sessions = createSessionManager<Called>({ handler, format, maxConflicts: 1000 });

await untilAnswered(() => sessions.open(id));
await begin();
if (WAY === "update") await updateEach();
else if (FORMAT === "express") await saveEach();
else await saveUntilDecided();
end({ ...report, conflicts: inner.conflicts() } satisfies CallReport);
await sessions.close();

/** Each call once, whatever comes of it. */
async function updateEach(): Promise<void> {
  for (let call = 0; report.resolved.length < times; call++) {
    await noteOutcome(
      call,
      sessions.update(id, (draft) => record(draft, call)),
    );
  }
}

/** A session that is kept, and forgets what is in doubt. */
async function saveEach(): Promise<void> {
  const session = await untilAnswered(() => present(sessions.open(id)));
  for (let call = 0; report.resolved.length < times; call++) {
    record(session, call);
    await noteOutcome(call, session.save());
    session.discard();
  }
}

/** A session that is kept, and saved again until it is known that each call has been counted. */
async function saveUntilDecided(): Promise<void> {
  const session = await untilAnswered(() => present(sessions.open(id)));
  for (let call = 0; call < times; call++) {
    record(session, call);
    await saveAgain(session, call);
    report.resolved.push(call);
  }
}

async function saveAgain(session: Session<Called>, call: number): Promise<void> {
  for (;;) {
    try {
      return await session.save();
    } catch (error) {
      if (!noteFailure(error)) continue;
      if (!isUndecidable(error)) {
        report.doubts += 1;
        continue;
      }
      report.undecidable += 1;
      session.discard();
      await untilAnswered(() => session.refresh());
      if (session.get(name)?.includes(call)) return;
      record(session, call);
    }
  }
}

/** Functions, so that making them twice would show. */
function record(draft: SessionDraft<Called>, call: number): void {
  draft.update("n", (n = 0) => n + 1);
  draft.update(name, (calls = []) => [...calls, call]);
}

async function noteOutcome(call: number, result: Promise<void>): Promise<void> {
  try {
    await result;
    report.resolved.push(call);
  } catch (error) {
    if (noteFailure(error)) report.unknown.push(call);
    else report.notApplied.push(call);
  }
}

/** Whether it leaves a doubt; what no killed connection explains ends the process. */
function noteFailure(error: unknown): boolean {
  const isExpected = isSessionError(error) && ["unavailable", "timeout", "conflict"].includes(error.code);
  if (!isExpected || error.outcome === undefined) throw error;
  return error.outcome === "unknown";
}

function isUndecidable(error: unknown): boolean {
  return isSessionError(error) && error.code === "conflict";
}

async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isSessionError(error) || !["unavailable", "timeout"].includes(error.code)) throw error;
    }
  }
}
