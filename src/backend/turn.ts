import type { Clock } from "../clock.ts";
import { ANSWER_WITHIN_MS, type Presence, type QueuedTask, type TaskTurn } from "./queued-task.ts";

/** The time during which one caller works, for itself and possibly for others. */
export class Turn<Task extends QueuedTask> implements TaskTurn {
  /** The presence of its owner. */
  readonly presence: Presence;
  /** The tasks done in it. */
  tasks: readonly Task[] = [];
  /**
   * `true` once it has ended or was given up. Its owner may still learn of results, but must do nothing more for
   * others.
   */
  isOver = false;
  readonly #clock: Clock;
  readonly #limitMs: number;
  /** The callers of settled tasks resume when the owner does, so that all learn of it in order of arrival. */
  #settled: QueuedTask[] | undefined;
  #progressedAt: number;
  #seenStuckAt: number | undefined;

  constructor(presence: Presence, clock: Clock, limitMs: number) {
    this.presence = presence;
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#progressedAt = clock.monotonic();
  }

  begin(tasks: readonly Task[]): void {
    this.tasks = tasks;
    for (const task of tasks) task.turn = this;
  }

  settled(task: QueuedTask): void {
    if (this.#settled) this.#settled.push(task);
    else this.#settled = [task];
  }

  /** Resumes the callers whose tasks are settled. */
  release(): void {
    const settled = this.#settled;
    this.#settled = undefined;
    for (const task of settled ?? []) task.resume();
  }

  progress(): void {
    this.#progressedAt = this.#clock.monotonic();
    this.#seenStuckAt = undefined;
  }

  isStuck(now: number): boolean {
    return now - this.#progressedAt >= this.#limitMs;
  }

  /**
   * `true` if its owner is there and makes progress. One that seems stuck has until the next check: the process may
   * have been paused.
   */
  isThere(now: number): boolean {
    if (!this.isStuck(now)) return this.presence.isThere(now);
    this.#seenStuckAt ??= now;
    return now - this.#seenStuckAt < ANSWER_WITHIN_MS;
  }
}
