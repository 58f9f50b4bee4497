import { isSessionError, type StoredSession, withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { begin, end } from "../processes/processes.ts";
import { openBareRedis } from "./bare-redis.ts";
import { bytes, textOf } from "./session-data.ts";

// Adds 1 so many times to a count in a session, which another process does at the same time. Says "ready" when it is connected
// and begins when it is told anything.

/** What the processes keep in the session: besides the count, how often each has added to it, so that each can tell. */
export interface Counted {
  readonly count: number;
  readonly added: Readonly<Record<string, number>>;
}

export interface IncrementReport {
  readonly conflicts: number;
  /** Writes that may have been applied, of which some were. */
  readonly inDoubt: number;
  readonly inDoubtApplied: number;
  /** Calls that are known not to have been applied, reads among them. */
  readonly failed: number;
}

const { REDIS_URL: url = "", SESSION_ID: id = "", PROCESS_NAME: name = "", INCREMENTS, CLIENT } = process.env;
const increments = Number(INCREMENTS);
const report = { conflicts: 0, inDoubt: 0, inDoubtApplied: 0, failed: 0 };

if (CLIENT === "bare") await incrementBare();
else await incrementConditionally();
end(report);

async function incrementBare(): Promise<void> {
  using client = openBareRedis(url);
  await client.ping();
  await begin();
  for (let n = 0; n < increments; n++) await client.set(id, Number(await client.get(id)) + 1);
}

async function incrementConditionally(): Promise<void> {
  const limits = { pingTimeoutMs: 300, reconnectTimeoutMs: 1000 };
  await using handler = withConnectionCheck(createRedisHandler(url, { timeoutMs: 1000 }), limits);
  let session = await readAgain();
  await begin();
  for (let n = 1; n <= increments; n++) {
    while (!hasAdded(session, n)) session = await add(session, n);
  }

  /** One attempt; gives what is stored as far as that is known afterwards. */
  async function add(current: StoredSession, n: number): Promise<StoredSession> {
    const { count, added } = parse(current);
    const data = bytes(JSON.stringify({ count: count + 1, added: { ...added, [name]: n } } satisfies Counted));
    try {
      const result = await handler.write(id, data, { replaces: current.version, ttlSeconds: 600 });
      if (result.written) return { data, version: result.version };
      report.conflicts += 1;
      return present(result.current);
    } catch (error) {
      if (!noteFailure(error)) return readAgain();
      const seen = await readAgain();
      if (hasAdded(seen, n)) report.inDoubtApplied += 1;
      return seen;
    }
  }

  async function readAgain(): Promise<StoredSession> {
    for (;;) {
      try {
        return present(await handler.read(id));
      } catch (error) {
        noteFailure(error);
      }
    }
  }
}

function hasAdded(session: StoredSession, n: number): boolean {
  return (parse(session).added[name] ?? 0) >= n;
}

function parse(session: StoredSession): Counted {
  return JSON.parse(textOf(session) ?? "");
}

function present(session: StoredSession | undefined): StoredSession {
  if (session === undefined) throw new Error("The session is gone.");
  return session;
}

/** Whether it leaves a doubt; what no killed connection explains ends the process. */
function noteFailure(error: unknown): boolean {
  if (!isSessionError(error) || !["unavailable", "timeout"].includes(error.code)) throw error;
  const isInDoubt = error.outcome === "unknown";
  if (isInDoubt) report.inDoubt += 1;
  else report.failed += 1;
  return isInDoubt;
}
