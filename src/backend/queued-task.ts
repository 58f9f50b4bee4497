import { type Clock, requestsAreCancelled, scheduleDeadline } from "../clock.ts";

/** How often a caller that waits for another one looks whether that one is still there. */
const LOOK_EVERY_MS = 200;
/** How long the answer of one that is there may take: it needs no more than its next turn of the event loop. */
export const ANSWER_WITHIN_MS = 100;

/** How long it takes until a caller that has left is noticed. */
export const NOTICED_WITHIN_MS: number = 2 * LOOK_EVERY_MS;

/**
 * Tells whether a caller is still there.
 *
 * @remarks
 * Where requests are cancelled, a caller may leave without a word. So callers ask each other whether they are there, by resolving a
 * promise of the one who is asked. The answer is given by what follows its `await`, and never comes from a request that is gone.
 * Elsewhere, who is at work is there, and needs no promise.
 */
export class Presence {
  #askedAt: number | undefined;
  #ask: (() => void) | undefined;
  #works = 0;

  /** Returns `false` when the caller has left a question unanswered. Asks anew. */
  isThere(now: number): boolean {
    if (this.#works > 0 && this.#ask === undefined) return true;
    if (this.#askedAt !== undefined) return now - this.#askedAt < ANSWER_WITHIN_MS;
    this.#askedAt = now;
    this.#ask?.();
    return true;
  }

  /** Called by the caller itself, whenever it goes on. */
  answer(): void {
    this.#askedAt = undefined;
  }

  /** Answers while the caller is at work. One work may be part of another. */
  begin(): void {
    this.#works += 1;
    if (this.#works > 1) return;
    this.answer();
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

/** Something that a caller waits for, and that perhaps another one does. */
export abstract class QueuedTask {
  /** Whether any caller can do it. If not, it ends with its own one. */
  abstract readonly isShared: boolean;
  /** That of its caller. */
  readonly presence: Presence;
  /** The latest one in which it was to be done. */
  turn: TaskTurn | undefined;
  isSettled = false;
  #resume: (() => void) | undefined;

  constructor(presence: Presence = new Presence()) {
    this.presence = presence;
  }

  /** Called now and then while its caller waits, and those for whom it waits are there. */
  stillWaits(): void {}

  /** Asks whether its caller is there, whereupon one that waits looks whether it is its turn. */
  isThere(now: number): boolean {
    const isThere = this.presence.isThere(now);
    this.resume();
    return isThere;
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
    this.presence.answer();
    cancelTimer();
    return isTimeToLook;
  }

  /** Goes on with its caller, if that waits. */
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

/** Something that only its own caller can do. */
export class ExclusiveTask extends QueuedTask {
  readonly isShared = false;
}

/** A turn, as its tasks see it. */
export interface TaskTurn {
  readonly isOver: boolean;
  /** Lets the caller of a task go on when the owner of the turn does. */
  settled(task: QueuedTask): void;
}
