import { once } from "node:events";
import { Cluster } from "ioredis";
import { createSessionManager, isSessionError, type Outcome, withConnectionCheck } from "sessionwire";
import { createRedisHandler, type RedisSource } from "sessionwire/redis";
import { begin, end } from "../processes/processes.ts";

// Adds its number of each call to a session, and 1 to a count, as another process does at the same time, until it is told to
// stop.

/** What the processes keep in the session. */
export interface Called {
  readonly count: number;
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** By their numbers, which calls came to what. */
export interface CallerReport {
  readonly resolved: number[];
  readonly unknown: number[];
  readonly notApplied: number[];
  readonly codes: string[];
  readonly slowestMs: number;
}

/** How a process of its own finds the store. */
export type StoreOptions =
  | { readonly nodes: { readonly host: string; readonly port: number }[] }
  | { readonly sentinels: { readonly host: string; readonly port: number }[]; readonly name: string };

const { STORE = "", SESSION_ID: id = "", PROCESS_NAME } = process.env;
const name = PROCESS_NAME as "first" | "second";
const limits = { pingTimeoutMs: 300, reconnectTimeoutMs: 700 };
const handler = withConnectionCheck(createRedisHandler(sourceOf(JSON.parse(STORE)), { timeoutMs: 500 }), limits);
const sessions = createSessionManager<Called>({ handler });
const [resolved, unknown, notApplied, codes] = [[] as number[], [] as number[], [] as number[], new Set<string>()];
let [isStopped, slowestMs] = [false, 0];

await sessions.open(id);
await begin();
void once(process, "message").then(() => {
  isStopped = true;
});
for (let call = 0; !isStopped; call += 1) await add(call);
await sessions.close();
end({ resolved, unknown, notApplied, codes: [...codes], slowestMs: Math.round(slowestMs) } satisfies CallerReport);

async function add(call: number): Promise<void> {
  const start = performance.now();
  try {
    await sessions.update(id, (draft) => {
      draft.update("count", (count = 0) => count + 1);
      draft.update(name, (calls = []) => [...calls, call]);
    });
    resolved.push(call);
  } catch (error) {
    if (!isSessionError(error)) throw error;
    codes.add(error.code);
    listOf(error.outcome).push(call);
    await new Promise((resolve) => setTimeout(resolve, 10)); // as the next request would come
  } finally {
    slowestMs = Math.max(slowestMs, performance.now() - start);
  }
}

function listOf(outcome: Outcome | undefined): number[] {
  return outcome === "unknown" ? unknown : notApplied;
}

function sourceOf(store: StoreOptions): RedisSource {
  return "nodes" in store ? new Cluster(store.nodes, { lazyConnect: true }) : { ...store };
}
