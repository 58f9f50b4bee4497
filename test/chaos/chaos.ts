import fc from "fast-check";
import { judge } from "./ledger.ts";
import { type Dice, Load, type Seen } from "./load.ts";
import { pause, type Stage } from "./stage.ts";

export interface ChaosOptions {
  readonly seconds: number;
  /** What happens is decided by this number; when it happens, by the machine. */
  readonly seed: number;
}

/** What a store and its callers have been through. */
export interface Report extends Seen {
  readonly calls: number;
  readonly slowestMs: number;
  /** By name, how often each fault was applied. */
  readonly faults: Readonly<Record<string, number>>;
  /** Acknowledged changes that are not there, and ended sessions that are: what a failover may cost. */
  readonly missing: number;
  readonly returned: number;
  /** Changes that were made twice, or by nobody. */
  readonly excess: number;
  readonly openConnections: number;
}

const HANDLERS = 2;
const CALLERS = 8;

/** Uses a store for so long while one fault follows the other, and then compares what is there with what the callers know. */
export async function runChaos(stage: Stage, { seconds, seed }: ChaosOptions): Promise<Report> {
  const load = new Load(stage, HANDLERS);
  await load.fill();
  const running = load.run(CALLERS, diceOf(seed));
  const faults = await disturb(stage, seed, seconds * 1000);
  await running.stop();

  let [missing, excess, returned] = [0, 0, 0];
  for (const entry of load.entries) {
    const stored = await load.look(entry.id);
    if (stored) {
      const verdict = judge(entry, stored);
      missing += verdict.missing;
      excess += verdict.excess;
      if (stored.get("name") !== entry.name) load.seen.violations.push("A session has the content of another.");
    } else if ((stage.losses ?? 0) === entry.losses) load.seen.violations.push("A session is not there in the end.");
  }
  for (const { id } of load.ended) if (await load.look(id)) returned += 1;
  const { slowestMs, calls } = load.stopwatch;
  await load.close();
  // An end needs its way to the proxy, and what keeps connections in stock some time.
  for (let waits = 0; stage.connections() > 0 && waits < 60; waits += 1) await pause(50);
  return { ...load.seen, calls, slowestMs, faults, missing, excess, returned, openConnections: stage.connections() };
}

/** All faults in a random order, again and again, with a rest after each. */
async function disturb({ faults }: Stage, seed: number, ms: number): Promise<Record<string, number>> {
  const names = Object.keys(faults);
  const orders = fc.sample(fc.shuffledSubarray(names, { minLength: names.length }), { seed, numRuns: 100 });
  const applied: Record<string, number> = {};
  const end = performance.now() + ms;
  await pause(500);
  for (const name of orders.flat()) {
    if (performance.now() > end) break;
    await faults[name]?.();
    applied[name] = (applied[name] ?? 0) + 1;
    await pause(400);
  }
  return applied;
}

function diceOf(seed: number): Dice {
  const rolls = fc.sample(fc.nat(99), { seed, numRuns: 10_000 });
  let turn = 0;
  return () => {
    turn += 1;
    return rolls[turn % rolls.length] ?? 0;
  };
}
