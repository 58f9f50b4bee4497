import { createSessionManager, expressFormat, type SessionHandler } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { begin, end } from "../../processes/processes.ts";
import type { Counts } from "./writers.ts";

/** What a process got done that changed a session together with others. */
export interface Progress {
  readonly updates: number;
  /** For each update, the number of times it was made until it was stored. */
  readonly tries: readonly number[];
}

/** What a process tells that stands in line. */
export interface InLine {
  readonly name: string;
  readonly pid: number;
}

// Several callers at a time add 1 to an attribute of this process, for a while.

const { REDIS_URL: url = "", SESSION_ID: id = "", PROCESS_NAME: name = "", CALLERS, MS } = process.env;

const handler = reportingName(createRedisHandler(url));
await using sessions = createSessionManager<Counts>({ handler, format: expressFormat() });
await sessions.open(id);
await begin();
const tries: number[] = [];
const endsAt = performance.now() + Number(MS);
await Promise.all(Array.from({ length: Number(CALLERS) }, callUntilTheEnd));
end({ updates: tries.length, tries } satisfies Progress);

async function callUntilTheEnd(): Promise<void> {
  while (performance.now() < endsAt) {
    let runs = 0;
    await sessions.update(id, (draft) => {
      runs += 1;
      draft.set(name, (draft.get(name) ?? 0) + 1);
    });
    tries.push(runs);
  }
}

/** A manager that joins the line writes its name at its end. */
function reportingName<Handler extends SessionHandler>(handler: Handler): Handler {
  const { write } = handler;
  let isReported = false;
  return Object.assign(handler, {
    write(...call: Parameters<typeof write>) {
      const [key, data] = call;
      if (key.startsWith("turn:") && !isReported) {
        isReported = true;
        const { turns } = JSON.parse(new TextDecoder().decode(data));
        process.send?.({ name: turns.at(-1), pid: process.pid } satisfies InLine);
      }
      return write.apply(handler, call);
    },
  });
}
