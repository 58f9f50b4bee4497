import { type Clock, scheduleDeadline } from "../clock.ts";

/** How often a caller that waits for another one looks whether that one is still there. */
const LOOK_EVERY_MS = 200;
/** How long the answer of one that is there may take: it needs no more than its next turn of the event loop. */
export const ANSWER_WITHIN_MS = 100;

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
  turn: TaskTurn | undefined;
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

/** A turn, as its tasks see it. */
export interface TaskTurn {
  readonly settled: QueuedTask[];
  readonly isOver: boolean;
}
