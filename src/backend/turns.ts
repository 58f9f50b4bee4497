import { type Clock, scheduleDeadline } from "../clock.ts";

/** How often a caller that waits for another one looks whether that one is still there. */
const LOOK_EVERY_MS = 200;
/** How long the answer of one that is there may take: it needs no more than its next turn of the event loop. */
const ANSWER_WITHIN_MS = 100;

/** How long it takes until a caller that has left is noticed. */
export const NOTICED_WITHIN_MS: number = 2 * LOOK_EVERY_MS;

/**
 * Something that a caller waits for, and that perhaps another one does.
 *
 * @remarks
 * A caller may leave without a word: Cloudflare Workers cancels a request whose client has gone away, with its timers, its I/O and
 * all that was to follow an `await`. So callers ask each other whether they are there, by resolving a promise of the one who is
 * asked. The answer is given by what follows its `await`, and never comes from a request that is gone.
 */
export abstract class QueuedTask {
  /** Whether any caller can do it. If not, it ends with its own one. */
  abstract readonly isShared: boolean;
  /** The latest one in which it was to be done. */
  turn: Turn<QueuedTask> | undefined;
  #isSettled = false;
  #askedAt: number | undefined;
  #resume: (() => void) | undefined;
  #answer: (() => void) | undefined;

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Called now and then while its caller waits, and those for whom it waits are there. */
  stillWaits(): void {}

  /** Whether its caller has not left a question unanswered. Asks anew, whereupon a caller that waits looks whether it is its turn. */
  isThere(now: number): boolean {
    if (this.#askedAt !== undefined) return now - this.#askedAt < ANSWER_WITHIN_MS;
    this.#askedAt = now;
    (this.#resume ?? this.#answer)?.();
    return true;
  }

  /** Answers while its caller is at work. */
  listen(): void {
    this.#askedAt = undefined;
    new Promise<void>((answer) => {
      this.#answer = answer;
    }).then(() => {
      if (this.#answer) this.listen();
    });
  }

  stopListening(): void {
    this.#answer = undefined;
  }

  /** Resolves when it is settled or its caller is asked; or to `true`, when it is time to look after the others. */
  async wait(clock: Clock): Promise<boolean> {
    let isTimeToLook = false;
    let cancelTimer = () => {};
    await new Promise<void>((resume) => {
      this.#resume = resume;
      // Of each caller its own: a timer ends with the request that has set it, and a request without one, with nothing to wait for.
      cancelTimer = scheduleDeadline(
        clock,
        () => {
          isTimeToLook = true;
          resume();
        },
        LOOK_EVERY_MS,
      );
    });
    this.#resume = undefined;
    this.#askedAt = undefined;
    cancelTimer();
    return isTimeToLook;
  }

  /** Goes on with its caller, if that waits. */
  resume(): void {
    this.#resume?.();
  }

  protected settle(): void {
    this.#isSettled = true;
    if (this.turn?.isOver === false) this.turn.settled.push(this);
    else this.resume();
  }
}

/** Something that only its own caller can do. */
export class ExclusiveTask extends QueuedTask {
  readonly isShared = false;

  end(): void {
    this.settle();
  }
}

/** The time in which one caller works, for itself and perhaps for others. */
export class Turn<Task extends QueuedTask> {
  readonly owner: Task;
  /** What is done in it. */
  tasks: readonly Task[] = [];
  /** Their callers go on when the owner does, so that all learn of it in the order in which they came. */
  readonly settled: QueuedTask[] = [];
  /** Whether it has ended, or has been given up: then its owner may still learn something, but must do nothing more for others. */
  isOver = false;
  readonly #clock: Clock;
  readonly #limitMs: number;
  #progressedAt: number;
  #seenStuckAt: number | undefined;

  constructor(owner: Task, clock: Clock, limitMs: number) {
    this.owner = owner;
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#progressedAt = clock.monotonic();
  }

  begin(tasks: readonly Task[]): void {
    this.tasks = tasks;
    for (const task of tasks) task.turn = this;
  }

  /** Lets those go on whose tasks are settled. */
  release(): void {
    for (const task of this.settled.splice(0)) task.resume();
  }

  progress(): void {
    this.#progressedAt = this.#clock.monotonic();
    this.#seenStuckAt = undefined;
  }

  isStuck(now: number): boolean {
    return now - this.#progressedAt >= this.#limitMs;
  }

  /** Whether its owner is there and gets on. One that seems stuck has until the next look: it may be the process that stood still. */
  isThere(now: number): boolean {
    if (!this.isStuck(now)) return this.owner.isThere(now);
    this.#seenStuckAt ??= now;
    return now - this.#seenStuckAt < ANSWER_WITHIN_MS;
  }
}

/**
 * Lets one caller work at a time, each in a continuation of its own and in the order in which they came. One that has left, or has
 * made no progress for too long, is given up by those who wait.
 */
export class TurnQueue<SharedTask extends QueuedTask = never> {
  readonly waiting: (SharedTask | ExclusiveTask)[] = [];
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
  async alone<T>(run: (turn: Turn<SharedTask | ExclusiveTask>) => Promise<T>): Promise<T> {
    const task = new ExclusiveTask();
    let result: { readonly value: T } | undefined;
    await this.run(task, async (turn) => {
      turn.begin(this.waiting.splice(0, 1));
      try {
        result = { value: await run(turn) };
      } finally {
        task.end();
      }
    });
    return (result as { readonly value: T }).value; // it has had its turn, and would have thrown
  }

  /** Resolves when the task is settled: in a turn of its own, in which `work` is done, or in that of another one. */
  async run<Task extends SharedTask | ExclusiveTask>(
    task: Task,
    work: (turn: Turn<SharedTask | ExclusiveTask>) => Promise<void>,
  ): Promise<void> {
    this.waiting.push(task);
    let isTimeToLook = this.#turn !== undefined && this.isFree;
    while (!task.isSettled) {
      if (isTimeToLook) this.#lookAfterOthers(task);
      if (!this.#isNext(task, isTimeToLook)) {
        isTimeToLook = await task.wait(this.#clock);
        continue;
      }
      isTimeToLook = false;
      const turn = this.#begin(task);
      try {
        await work(turn);
      } finally {
        this.#end(turn);
      }
    }
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

  #begin(owner: SharedTask | ExclusiveTask): Turn<SharedTask | ExclusiveTask> {
    const turn = new Turn(owner, this.#clock, this.#limitMs);
    this.#turn = turn;
    owner.listen();
    return turn;
  }

  #end(turn: Turn<SharedTask | ExclusiveTask>): void {
    turn.owner.stopListening();
    turn.release();
    turn.isOver = true;
    if (this.#turn !== turn) return; // it was given up
    this.#turn = undefined;
    this.waiting[0]?.isThere(this.#clock.monotonic()); // who is asked goes on
  }
}
