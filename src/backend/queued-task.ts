import { type Clock, requestsAreCancelled, scheduleDeadline } from "../clock.ts";

/** Interval at which a waiting caller checks if the caller it waits for is still there. */
const LOOK_EVERY_MS = 200;
/** Maximum time for a caller that is there to answer: it only needs its next turn of the event loop. */
export const ANSWER_WITHIN_MS = 100;

/** Maximum time until the departure of a caller is noticed. */
export const NOTICED_WITHIN_MS: number = 2 * LOOK_EVERY_MS;

/**
 * Determines if a caller is still there.
 *
 * @remarks
 * Where requests are cancelled, a caller may disappear silently. Callers therefore ask each other if they are there, by
 * resolving a promise that the other one awaits. The code after its `await` answers, which never runs for a request
 * that is gone. Elsewhere, a caller that is at work is there and needs no promise.
 */
export class Presence {
  #askedAt: number | undefined;
  #ask: (() => void) | undefined;
  #works = 0;

  /** Returns `false` if the caller has left a question unanswered. Asks a new one if none is pending. */
  isThere(now: number): boolean {
    if (this.#works > 0 && this.#ask === undefined) return true;
    if (this.#askedAt !== undefined) return now - this.#askedAt < ANSWER_WITHIN_MS;
    this.#askedAt = now;
    this.#ask?.();
    return true;
  }

  /** Records that the caller is there. The caller itself calls it whenever it goes on. */
  answer(): void {
    this.#askedAt = undefined;
  }

  /** Answers while the caller is at work. Work may be nested. */
  begin(): void {
    this.#works += 1;
    if (this.#works > 1) return;
    this.#askedAt = undefined;
    if (requestsAreCancelled()) this.#listen();
  }

  end(): void {
    this.#works -= 1;
    if (this.#works === 0) this.#ask = undefined;
  }

  #listen(): void {
    new Promise<void>((ask) => {
      this.#ask = ask;
    }).then(() => {
      if (this.#ask === undefined) return;
      this.answer();
      this.#listen();
    });
  }
}

/** A task that its caller waits for, and that another caller may do. */
export abstract class QueuedTask {
  /** `true` if any caller can do the task. If not, it ends with its own caller. */
  abstract readonly isShared: boolean;
  /** The presence of its caller. */
  readonly presence: Presence;
  /** The latest turn in which the task was to be done. */
  turn: TaskTurn | undefined;
  isSettled = false;
  #resume: (() => void) | undefined;

  constructor(presence: Presence = new Presence()) {
    this.presence = presence;
  }

  /** Called from time to time while the caller waits and the callers ahead of it are there. */
  stillWaits(): void {}

  /** Checks if the caller is there. A waiting caller then also checks if it is its turn. */
  isThere(now: number): boolean {
    const isThere = this.presence.isThere(now);
    this.resume();
    return isThere;
  }

  /** Resolves when the task is settled or its caller is asked; with `true` when it is time to check on the others. */
  async wait(clock: Clock): Promise<boolean> {
    let isTimeToLook = false;
    let cancelTimer = () => {};
    await new Promise<void>((resume) => {
      this.#resume = resume;
      // Each caller has its own timer: a timer ends with the request that set it, and a request without one ends when
      // nothing is left to wait for.
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
    this.presence.answer();
    cancelTimer();
    return isTimeToLook;
  }

  /** Resumes the caller if it waits. */
  resume(): void {
    this.#resume?.();
  }

  protected settle(): void {
    this.isSettled = true;
    if (this.#resume === undefined) return; // its caller is at work itself
    if (this.turn?.isOver === false) this.turn.settled(this);
    else this.#resume();
  }
}

/** A task that only its own caller can do. */
export class ExclusiveTask extends QueuedTask {
  readonly isShared = false;
}

/** A turn, as its tasks see it. */
export interface TaskTurn {
  readonly isOver: boolean;
  /** Resumes the caller of a task when the owner of the turn resumes. */
  settled(task: QueuedTask): void;
}
