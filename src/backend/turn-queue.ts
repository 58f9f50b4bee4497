import type { Clock } from "../clock.ts";
import { ExclusiveTask, Presence, type QueuedTask } from "./queued-task.ts";
import { Turn } from "./turn.ts";

/**
 * Lets one caller work at a time, each in its own continuation and in order of arrival. The waiting callers give up on
 * one that has left or has made no progress for too long.
 */
export class TurnQueue<SharedTask extends QueuedTask = never> {
  protected waiting: (SharedTask | ExclusiveTask)[] = [];
  readonly #clock: Clock;
  readonly #limitMs: number;
  #turn: Turn<SharedTask | ExclusiveTask> | undefined;

  /** Takes `limitMs`, the maximum time for a turn without progress. */
  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /** `true` if no caller is at work, or the one at work has been stuck for too long. */
  get isFree(): boolean {
    return this.#turn?.isStuck(this.#clock.monotonic()) ?? true;
  }

  /** `true` if, in addition, no caller waits. */
  get isIdle(): boolean {
    return this.waiting.length === 0 && this.isFree;
  }

  /** All unsettled tasks. */
  get tasks(): (SharedTask | ExclusiveTask)[] {
    return [...(this.#turn?.tasks ?? []), ...this.waiting].filter(({ isSettled }) => !isSettled);
  }

  /** Runs when nothing else is under way, unless that has been given up. */
  alone<T>(run: (turn: Turn<SharedTask | ExclusiveTask>) => Promise<T>): Promise<T> {
    if (this.#turn === undefined && this.waiting.length === 0) return this.#runIn(this.#begin(new Presence()), run);
    const task = new ExclusiveTask();
    this.add(task);
    // Only its own caller settles it, so it always gets a turn of its own.
    return this.enter(task).then((turn) => this.#runIn(turn as Turn<SharedTask | ExclusiveTask>, run));
  }

  /** Adds a task that waits for its turn. */
  add(task: SharedTask | ExclusiveTask): void {
    // Pushing to an emptied array would allocate room for many elements.
    if (this.waiting.length === 0) this.waiting = [task];
    else this.waiting.push(task);
  }

  /** Removes and returns the first waiting tasks. */
  take(count: number = this.waiting.length): (SharedTask | ExclusiveTask)[] {
    const all = this.waiting;
    if (count < all.length) return all.splice(0, count);
    this.waiting = [];
    return all;
  }

  /** Resolves when the task is settled: in a turn of its own, in which `work` runs, or in the turn of another task. */
  async run<Task extends SharedTask | ExclusiveTask>(
    task: Task,
    work: (turn: Turn<SharedTask | ExclusiveTask>) => Promise<void>,
  ): Promise<void> {
    this.add(task);
    while (!task.isSettled) {
      const turn = this.tryEnter(task) ?? (await this.enter(task));
      if (turn === undefined) return;
      try {
        await work(turn);
      } finally {
        this.leave(turn);
      }
    }
  }

  /** Begins the turn of a waiting task if it need not wait any longer. */
  tryEnter(task: SharedTask | ExclusiveTask): Turn<SharedTask | ExclusiveTask> | undefined {
    return this.#turn === undefined && this.waiting[0] === task ? this.#begin(task.presence) : undefined;
  }

  /** Begins the turn of a waiting task. Returns `undefined` if it was settled in another task's turn. */
  async enter(task: SharedTask | ExclusiveTask): Promise<Turn<SharedTask | ExclusiveTask> | undefined> {
    let isTimeToLook = this.#turn !== undefined && this.isFree;
    while (!task.isSettled) {
      if (isTimeToLook) this.#lookAfterOthers(task);
      if (this.#isNext(task, isTimeToLook)) {
        if (!task.isShared) this.#remove(task);
        return this.#begin(task.presence);
      }
      isTimeToLook = await task.wait(this.#clock);
    }
    return undefined;
  }

  /** Ends a turn, and wakes the next caller. */
  leave(turn: Turn<SharedTask | ExclusiveTask>): void {
    turn.presence.end();
    turn.release();
    turn.isOver = true;
    if (this.#turn !== turn) return; // it was given up
    this.#turn = undefined;
    this.waiting[0]?.isThere(this.#clock.monotonic()); // being asked resumes the caller
  }

  #runIn<T>(
    turn: Turn<SharedTask | ExclusiveTask>,
    run: (turn: Turn<SharedTask | ExclusiveTask>) => Promise<T>,
  ): Promise<T> {
    return run(turn).then(
      (value) => {
        this.leave(turn);
        return value;
      },
      (error) => {
        this.leave(turn);
        throw error;
      },
    );
  }

  /** On a check, a caller also takes the turn if the first in line has not begun and its task is shared. */
  #isNext(task: SharedTask | ExclusiveTask, isTimeToLook: boolean): boolean {
    if (this.#turn) return false;
    const [first] = this.waiting;
    return first === task || (isTimeToLook && first?.isShared === true);
  }

  #lookAfterOthers(task: SharedTask | ExclusiveTask): void {
    const now = this.#clock.monotonic();
    if (this.#turn && !this.#turn.isThere(now)) this.#giveUp(this.#turn);
    if (!this.tasks.includes(task)) this.waiting.push(task); // its caller was late to answer, so it was dropped
    if (this.#turn) {
      task.stillWaits();
      return;
    }
    for (let [first] = this.waiting; first && first !== task && !first.isShared; [first] = this.waiting) {
      if (first.isThere(now)) return;
      this.waiting.shift();
    }
  }

  /** Gives up a turn. Its shared tasks come first in the next one. */
  #giveUp(turn: Turn<SharedTask | ExclusiveTask>): void {
    turn.isOver = true;
    turn.release();
    this.#turn = undefined;
    this.waiting.unshift(...turn.tasks.filter((task) => task.isShared && !task.isSettled));
  }

  /** Removes a task that need not be first in line: the caller of the first may have left. */
  #remove(task: SharedTask | ExclusiveTask): void {
    this.waiting.splice(this.waiting.indexOf(task), 1);
  }

  #begin(presence: Presence): Turn<SharedTask | ExclusiveTask> {
    const turn = new Turn<SharedTask | ExclusiveTask>(presence, this.#clock, this.#limitMs);
    this.#turn = turn;
    presence.begin();
    return turn;
  }
}
