import { fork } from "node:child_process";
import { once } from "node:events";
import { median } from "./measure.ts";
import type { PauseTimes } from "./pause.ts";

/** Medians over the rounds. */
export interface PauseComparison extends PauseTimes {
  readonly name: string;
  /** The pause as a multiple of that of the floor in the same round. */
  readonly ratio: number;
}

const names = ["Map, set of a copy", "createMemoryHandler"];

/** The longest pauses while so many sessions are created one after the other. */
export async function comparePauses(sessions: number, rounds: number): Promise<PauseComparison[]> {
  const measured: PauseTimes[][] = names.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [row, name] of names.entries()) measured[row]?.push(await measureInProcess(name, sessions));
  }
  const floors = measured[0] ?? [];
  return names.map((name, row) => {
    const times = measured[row] ?? [];
    return {
      name,
      ratio: median(times.map(({ pauseMs }, round) => pauseMs / (floors[round]?.pauseMs ?? Number.NaN))),
      pauseMs: median(times.map(({ pauseMs }) => pauseMs)),
      totalMs: median(times.map(({ totalMs }) => totalMs)),
    };
  });
}

/** In a process with a heap of its own, so that no row has to clear up after another one. */
async function measureInProcess(name: string, sessions: number): Promise<PauseTimes> {
  const child = fork(new URL("pause.ts", import.meta.url), [name, String(sessions)]);
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`Measuring "${name}" ended with exit code ${code}.`);
  });
  const [times] = await Promise.race([once(child, "message"), failed]);
  failed.catch(() => {}); // it exits when it has sent its message
  return times as PauseTimes; // what pause.ts sends
}
