import { setTimeout as sleep } from "node:timers/promises";
import type { SessionHandler, StoredSession } from "sessionwire";
import { bytes, text } from "../../laws/law.ts";

/** The content of the session: integers by name, as PHP writes them with the serializer `php`. */
export type Counts = Readonly<Record<string, number>>;

export function countsIn(stored: StoredSession | undefined): Counts {
  const entries = (text(stored?.data) ?? "").matchAll(/(\w+)\|i:(\d+);/g);
  return Object.fromEntries(Array.from(entries, ([, name = "", count]) => [name, Number(count)]));
}

/** Counts once, again on whatever is there after each refusal. Returns how many writes were refused. */
export async function count(handler: SessionHandler, key: string): Promise<number> {
  let stored = await handler.read(key);
  for (let refusals = 0; ; refusals += 1) {
    const { node = 0, ...others } = countsIn(stored);
    const result = await handler.write(key, sessionOf({ ...others, node: node + 1 }), {
      replaces: stored?.version,
      ttlSeconds: 1440,
    });
    if (result.written) return refusals;
    stored = result.current;
  }
}

/** Counts several times, with as much time between them as PHP takes. */
export async function countOften(handler: SessionHandler, key: string, times: number): Promise<number> {
  let refusals = 0;
  for (let time = 0; time < times; time += 1) {
    refusals += await count(handler, key);
    await sleep(2 * Math.random());
  }
  return refusals;
}

function sessionOf(counts: Counts): Uint8Array {
  return bytes(
    Object.entries(counts)
      .map(([name, value]) => `${name}|i:${value};`)
      .join(""),
  );
}
