import { type Clock, SessionError } from "sessionwire";
import { type Call, SharedWait, scheduleDeadline } from "sessionwire/backend";

/** A task under way that can be abandoned. It then rejects with the reason and leaves nothing behind. */
export interface Attempt<T> {
  readonly result: Promise<T>;
  abandon(reason: unknown): void;
}

/** A caller that waits for an attempt. */
type Waiter = Pick<Call, "ended">;

/** Tolerance for an attempt that ends late because the process was suspended for a moment, in ms. */
const OVERDUE_MS = 500;

/**
 * Runs one attempt at a time, shared by all callers that need its result. No caller depends on the one that started it:
 * if that one gives up, the attempt goes on for the others, and an attempt that overruns, because its timers went with
 * the caller that started it, is started again.
 */
export class SharedAttempt<T> {
  readonly #clock: Clock;
  readonly #withinMs: number;
  #running: Running<T> | undefined;

  /** Takes the time within which each attempt ends by itself, in ms. */
  constructor(clock: Clock, withinMs: number) {
    this.#clock = clock;
    this.#withinMs = withinMs;
  }

  get isRunning(): boolean {
    return this.#current !== undefined;
  }

  /** Waits for the attempt under way, or starts one; if it is replaced, waits for its replacement. */
  async join(start: () => Attempt<T>, waiter?: Waiter): Promise<T> {
    for (;;) {
      const running = this.#current ?? this.#begin(start);
      try {
        return await running.waiting.join(running.result, waiter);
      } catch (error) {
        if (!running.isReplaced || waiter?.ended) throw error;
      }
    }
  }

  /**
   * Waits for a fresh attempt: the one under way is replaced, unless it was itself started by `renew`. When all callers
   * that wait for it have given up, the attempt is abandoned.
   */
  async renew(start: () => Attempt<T>, signal: AbortSignal, givenUp: SessionError): Promise<T> {
    let running = this.#current;
    if (!running?.waiting.isRenewal) {
      running?.replace();
      running = this.#begin(start);
    }
    const { result, abandon } = running;
    return running.waiting.renew(result, signal, () => abandon(givenUp));
  }

  abandon(reason: SessionError): void {
    this.#running?.abandon(reason);
  }

  /** The attempt under way, if it can still end by itself. */
  get #current(): Running<T> | undefined {
    const running = this.#running;
    if (running && this.#clock.monotonic() - running.begunAt > this.#withinMs + OVERDUE_MS) running.replace();
    return this.#running;
  }

  #begin(start: () => Attempt<T>): Running<T> {
    const attempt = start();
    const forget = () => {
      if (this.#running === running) this.#running = undefined;
    };
    const running: Running<T> = {
      begunAt: this.#clock.monotonic(),
      waiting: new SharedWait(),
      isReplaced: false,
      result: attempt.result.finally(forget),
      abandon(reason) {
        forget();
        attempt.abandon(reason);
      },
      replace() {
        running.isReplaced = true;
        running.abandon(new SessionError("unavailable", "The connection to Redis is being replaced."));
      },
    };
    this.#running = running;
    running.result.catch(() => {}); // its callers may all have been answered already
    return running;
  }
}

interface Running<T> extends Attempt<T> {
  readonly begunAt: number;
  readonly waiting: SharedWait;
  /** `true` if another attempt replaces it. */
  isReplaced: boolean;
  replace(): void;
}

/** Runs one attempt, and then another with its result. */
export function chain<A, B>(first: Attempt<A>, next: (result: A) => Attempt<B>): Attempt<B> {
  let current: Pick<Attempt<unknown>, "abandon"> = first;
  let abandoned: { readonly reason: unknown } | undefined;
  const result = first.result.then((value) => {
    if (abandoned) throw abandoned.reason; // abandoned between the end of the first and the start of the second
    const second = next(value);
    current = second;
    return second.result;
  });
  return {
    result,
    abandon(reason) {
      abandoned = { reason };
      current.abandon(reason);
    },
  };
}

/** Delay before the next server is asked, in ms, which is the most that a server without an answer costs. */
const STAGGER_MS = 100;

/**
 * Returns the first answer of several servers that know the same. They are asked in turn: the next one when one has
 * failed, or has not answered for a moment.
 */
export function askAny<T>(asks: readonly (() => Attempt<T>)[], timeoutMs: number, clock: Clock): Attempt<T> {
  const running = new Set<Attempt<T>>();
  let abandon: Attempt<T>["abandon"] = () => {};
  const result = new Promise<T>((resolve, reject) => {
    const waiting = [...asks];
    let isOver = false;
    let cancelNext = () => {};
    const cancelTimer = scheduleDeadline(clock, () => abandon(noAnswer(timeoutMs)), timeoutMs);
    const end = (settle: () => void) => {
      if (isOver) return;
      isOver = true;
      cancelTimer();
      cancelNext();
      settle();
      for (const attempt of running) attempt.abandon(new SessionError("unavailable", "Another server was faster."));
    };
    abandon = (reason) => end(() => reject(reason));
    const askNext = () => {
      cancelNext();
      const attempt = waiting.shift()?.();
      if (attempt === undefined) return;
      running.add(attempt);
      if (waiting.length > 0) cancelNext = clock.schedule(askNext, STAGGER_MS);
      attempt.result.then(
        (answer) => {
          running.delete(attempt);
          end(() => resolve(answer));
        },
        (error: unknown) => {
          running.delete(attempt);
          if (isOver) return;
          if (waiting.length > 0) askNext();
          else if (running.size === 0) abandon(error);
        },
      );
    };
    askNext();
  });
  return { result, abandon: (reason) => abandon(reason) };
}

function noAnswer(timeoutMs: number): SessionError {
  return new SessionError("timeout", `No Redis server answered within ${timeoutMs} ms.`);
}
