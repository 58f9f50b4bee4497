import type { Clock } from "../clock.ts";
import { ExclusiveTask, Presence, type QueuedTask } from "./queued-task.ts";
import { Turn } from "./turn.ts";

/**
 * Lets one caller work at a time, each in a continuation of its own and in the order in which they came. One that has left, or has
 * made no progress for too long, is given up by those who wait.
 */
export class TurnQueue<SharedTask extends QueuedTask = never> {
  protected waiting: (SharedTask | ExclusiveTask)[] = [];
  readonly #clock: Clock;
  readonly #limitMs: number;
  #turn: Turn<SharedTask | ExclusiveTask> | undefined;

  /** A turn may go on for `limitMs` without progress. */
  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /** Whether nobody is at work; or whoever is has been stuck for too long. */
  get isFree(): boolean {
    return this.#turn?.isStuck(this.#clock.monotonic()) ?? true;
  }

  /** Whether nobody waits either. */
  get isIdle(): boolean {
    return this.waiting.length === 0 && this.isFree;
  }

  /** All that is not done. */
  get tasks(): (SharedTask | ExclusiveTask)[] {
    return [...(this.#turn?.tasks ?? []), ...this.waiting].filter(({ isSettled }) => !isSettled);
  }

  /** Runs when nothing else is under way, unless that has been given up. */
  alone<T>(run: (turn: Turn<SharedTask | ExclusiveTask>) => Promise<T>): Promise<T> {
    if (this.#turn === undefined && this.waiting.length === 0) return this.#runIn(this.#begin(new Presence()), run);
    const task = new ExclusiveTask();
    this.add(task);
    // Nobody else settles it, so that it has a turn of its own.
    return this.enter(task).then((turn) => this.#runIn(turn as Turn<SharedTask | ExclusiveTask>, run));
  }

  /** Lets a task wait for its turn. */
  add(task: SharedTask | ExclusiveTask): void {
    // Of an array that has been emptied, the next push makes one with room for many.
    if (this.waiting.length === 0) this.waiting = [task];
    else this.waiting.push(task);
  }

  /** Takes the first of those that wait. */
  take(count: number = this.waiting.length): (SharedTask | ExclusiveTask)[] {
    const all = this.waiting;
    if (count < all.length) return all.splice(0, count);
    this.waiting = [];
    return all;
  }

  /** Resolves when the task is settled: in a turn of its own, in which `work` is done, or in that of another one. */
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

  /** Begins the turn of a task that waits, if it need not wait. */
  tryEnter(task: SharedTask | ExclusiveTask): Turn<SharedTask | ExclusiveTask> | undefined {
    return this.#isNext(task, false) ? this.#begin(task.presence) : undefined;
  }

  /** Begins the turn of a task that waits; `undefined`: it has been settled in that of another one. */
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

  /** Ends a turn, and wakes who is next. */
  leave(turn: Turn<SharedTask | ExclusiveTask>): void {
    turn.presence.end();
    turn.release();
    turn.isOver = true;
    if (this.#turn !== turn) return; // it was given up
    this.#turn = undefined;
    this.waiting[0]?.isThere(this.#clock.monotonic()); // who is asked goes on
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

  /** Whoever looks takes the turn also when somebody else is first who has not begun, if he can do what that one wants. */
  #isNext(task: SharedTask | ExclusiveTask, isTimeToLook: boolean): boolean {
    if (this.#turn) return false;
    const [first] = this.waiting;
    return first === task || (isTimeToLook && first?.isShared === true);
  }

  #lookAfterOthers(task: SharedTask | ExclusiveTask): void {
    const now = this.#clock.monotonic();
    if (this.#turn && !this.#turn.isThere(now)) this.#giveUp(this.#turn);
    if (!this.tasks.includes(task)) this.waiting.push(task); // its caller was late to answer, and it was dropped
    if (this.#turn) {
      task.stillWaits();
      return;
    }
    for (let [first] = this.waiting; first && first !== task && !first.isShared; [first] = this.waiting) {
      if (first.isThere(now)) return;
      this.waiting.shift();
    }
  }

  /** What others can do comes first in the next turn. */
  #giveUp(turn: Turn<SharedTask | ExclusiveTask>): void {
    turn.isOver = true;
    turn.release();
    this.#turn = undefined;
    this.waiting.unshift(...turn.tasks.filter((task) => task.isShared && !task.isSettled));
  }

  /** The first in line may be another one, whose caller has left. */
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
