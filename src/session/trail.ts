import { replaceOutcome } from "../errors.ts";
import { isCorrupt } from "./failures.ts";
import { corrupt } from "./json.ts";
import type { Ending, Records, Sight } from "./records.ts";

/** Where a session is. */
export interface Found {
  readonly key: string;
  readonly sight: Sight;
  /** Until when a forward leads here, in milliseconds since 1970; `undefined`: it is where it was looked for. */
  readonly until: number | undefined;
}

/** So many forwards in a row, or writes between looking and ending, are more than there can honestly be. */
const MAX_STEPS = 30;

/** The record to which a key leads, if it does; else what is stored under the key itself. */
export async function findAlong(
  records: Records,
  key: string,
  keepAlive: boolean,
  signal?: AbortSignal,
): Promise<Found> {
  let found: Found = { key, sight: await records.read(key, keepAlive, signal), until: undefined };
  for (let steps = 0; found.sight.stored?.record.forward; steps += 1) {
    if (steps === MAX_STEPS) throw corrupt("its forwards lead nowhere");
    const { forward } = found.sight.stored.record;
    const sight = await records.read(forward.key, keepAlive, signal);
    found = { key: forward.key, sight, until: Math.min(found.until ?? forward.until, forward.until) };
  }
  return found;
}

/**
 * Ends whatever is stored, and first what its forward leads to: step by step, so that no session gets away to another id meanwhile.
 * Answers with the key of the session itself.
 */
export async function endAlong(records: Records, key: string, steps = 0): Promise<string> {
  let ended = key;
  try {
    if (records.format.keepsForwards) {
      let sight = await records.read(key, false).catch(unlessCorrupt);
      for (let conflicts = 0; sight?.stored && conflicts < MAX_STEPS; conflicts += 1) {
        const { forward } = sight.stored.record;
        if (forward && steps < MAX_STEPS) ended = await endAlong(records, forward.key, steps + 1);
        const ending: Ending = await records.destroy(key, sight.stored);
        if (ending.isDone || ending.sight.stored === undefined) return ended;
        sight = ending.sight;
      }
    }
    await records.erase(key);
    return ended;
  } catch (error) {
    throw ended === key ? error : replaceOutcome(error, "unknown"); // what it leads to has ended
  }
}

/** What cannot be read can be ended all the same. */
function unlessCorrupt(error: unknown): undefined {
  if (!isCorrupt(error)) throw error;
}
