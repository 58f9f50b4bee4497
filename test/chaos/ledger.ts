import type { Session } from "sessionwire";

/** What the callers have been told of one session, to be compared with what is stored in the end. */
export interface Entry {
  readonly id: string;
  /** What the session says of itself, so that it can be told from any other. */
  readonly name: string;
  /** How often the store had lost everything when the session was made. */
  readonly losses: number;
  /** By caller: how many additions were acknowledged, and of how many nobody knows. */
  readonly acknowledged: Record<string, number>;
  readonly unknown: Record<string, number>;
}

/** What is kept in each session. */
export type Counted = { name: string; sum: number } & { [caller: `by ${string}`]: number };

export function createEntry(id: string, name: string, losses: number): Entry {
  return { id, name, losses, acknowledged: {}, unknown: {} };
}

export function count(of: Record<string, number>, caller: string): void {
  of[caller] = (of[caller] ?? 0) + 1;
}

/** What is wrong with a session that was found in the end. */
export interface Verdict {
  /** Additions that were acknowledged and are not there. */
  readonly missing: number;
  /** Additions that were made twice, or by nobody. */
  readonly excess: number;
}

export function judge({ acknowledged, unknown }: Entry, stored: Pick<Session<Counted>, "get">): Verdict {
  const callers = new Set([...Object.keys(acknowledged), ...Object.keys(unknown)]);
  let [missing, excess, sum] = [0, 0, 0];
  for (const caller of callers) {
    const found = stored.get(`by ${caller}`) ?? 0;
    const least = acknowledged[caller] ?? 0;
    const most = least + (unknown[caller] ?? 0);
    missing += Math.max(0, least - found);
    excess += Math.max(0, found - most);
    sum += found;
  }
  return { missing, excess: excess + Math.abs(sum - (stored.get("sum") ?? 0)) };
}
