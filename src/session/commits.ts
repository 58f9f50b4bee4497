import { type Abortion, closedError, RunningCall, RunningCalls } from "../call.ts";
import type { Clock } from "../clock.ts";
import { type Commit, type CommitResult, commitTogether, type Member, type Seen } from "./commit.ts";
import type { Records, Sight } from "./records.ts";

/** At most so many commits share a write. */
const MAX_TOGETHER = 256;
/** What was seen of a session is kept for so long at most. It need not be true any more: a write tells. */
const SEEN_FOR_MS = 1000;
/** Of so many sessions at most, so that a million of them in a second do not fill the memory. */
const MAX_SEEN = 1000;
/** At most so many tokens go into a write, so that those of the write before are still in the record. */
const MAX_TOKENS_TOGETHER = 8;

/**
 * Brings changes into the store, one write at a time for each session: whatever waits meanwhile goes into the next write
 * together, in call order.
 */
export class Commits {
  readonly #records: Records;
  readonly #clock: Clock;
  readonly #maxConflicts: number;
  readonly #lanes = new Map<string, Lane>();
  readonly #calls: RunningCalls;
  readonly #running = new Set<Promise<unknown>>();
  #isClosed = false;
  #cancelSweep: (() => void) | undefined;

  constructor(records: Records, clock: Clock, maxConflicts: number) {
    this.#records = records;
    this.#clock = clock;
    this.#maxConflicts = maxConflicts;
    this.#calls = new RunningCalls({ name: "The session", clock, timeoutMs: undefined });
  }

  /** Makes something that a signal can give up: it rejects at once, and what is under way goes on to its end. */
  async call<T>(abortion: Abortion | undefined, body: (call: RunningCall) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw closedError("The session manager", "not-applied");
    if (abortion === undefined) return this.#noted(body(new RunningCall()));
    const result = await this.#calls.run<CommitResult<T>>(true, abortion, (call) =>
      this.#noted(body(call)).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }), // as it is: it may be the application's own
      ),
    );
    if ("error" in result) throw result.error;
    return result.value;
  }

  async #noted<T>(running: Promise<T>): Promise<T> {
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Resolves with what the last run of the commit returned, once that is what is stored. */
  async submit<T>(key: string, commit: Commit<T>, call: RunningCall): Promise<T> {
    const result = await new Promise<CommitResult<T>>((settle) =>
      this.#enqueue(key, { commit, call, settle } as Member),
    );
    if ("error" in result) throw result.error;
    return result.value;
  }

  /** Runs when nothing else is under way for this session. */
  async alone<T>(key: string, run: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#enqueue(key, async (lane) => {
        lane.sight = undefined;
        await run().then(resolve, reject);
      });
    });
  }

  /** Takes nothing new, and resolves when everything has ended that was under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    this.#cancelSweep?.();
  }

  #enqueue(key: string, job: Job): void {
    const lane = this.#lanes.get(key) ?? new Lane();
    this.#lanes.set(key, lane);
    lane.jobs.push(job);
    lane.running ??= this.#run(key, lane);
  }

  /** Begins in the next turn of the microtasks, so that all who have waited for the same write go together again. */
  async #run(key: string, lane: Lane): Promise<void> {
    await undefined;
    for (let job = lane.next(); job !== undefined; job = lane.next()) {
      if (typeof job === "function") await job(lane);
      else await commitTogether(key, lane, job, this.#records, this.#maxConflicts);
    }
    lane.running = undefined;
    if (this.#lanes.size > MAX_SEEN) this.#lanes.delete(key);
    if (this.#isClosed) return;
    this.#cancelSweep ??= this.#clock.schedule(() => this.#sweep(), SEEN_FOR_MS);
  }

  /** What was seen is kept for a moment: whoever goes on with the same session need not read it first. */
  #sweep(): void {
    this.#cancelSweep = undefined;
    for (const [key, lane] of this.#lanes) if (lane.running === undefined) this.#lanes.delete(key);
  }
}

type Job = Member | AloneJob;
type AloneJob = (lane: Lane) => Promise<void>;

/** What is under way for one session in this process. */
class Lane implements Seen {
  readonly jobs: Job[] = [];
  running: Promise<void> | undefined;
  sight: Sight | undefined;

  /** What comes next: members that go together, or a job that runs alone. */
  next(): Member[] | AloneJob | undefined {
    const [first] = this.jobs;
    if (first === undefined) return undefined;
    if (typeof first === "function") {
      this.jobs.shift();
      return first;
    }
    return this.jobs.splice(0, this.#together()) as Member[]; // no function is among the first ones
  }

  #together(): number {
    let tokens = 0;
    const end = this.jobs.findIndex((job, place) => {
      if (typeof job === "function" || place === MAX_TOGETHER) return true;
      tokens += job.commit.tokens().length;
      return tokens > MAX_TOKENS_TOGETHER && place > 0;
    });
    return end < 0 ? this.jobs.length : end;
  }
}
