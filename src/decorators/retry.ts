import { CancellableWaits } from "../backend/cancellable-waits.ts";
import { checkClock, checkCount, checkOptionNames, MAX_DELAY_MS } from "../backend/checks.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { SessionHandler } from "../handler.ts";
import { type Decorated, decorateHandler } from "./decorate.ts";
import { isRetriable } from "./retry/retriable.ts";
import { RetryBudget } from "./retry/retry-budget.ts";

/**
 * The options of {@link withRetry}.
 *
 * @public
 */
export interface RetryOptions {
  /**
   * Maximum number of attempts for a call, the first one included: a whole number from 1 to 100.
   *
   * @defaultValue 3
   */
  readonly attempts?: number | undefined;
  /**
   * Maximum wait before the second attempt, in milliseconds. It doubles with each further attempt.
   *
   * @defaultValue 100
   */
  readonly baseDelayMs?: number | undefined;
  /**
   * Upper bound of that maximum, in milliseconds. A call is not retried if the store asks for a longer wait.
   *
   * @defaultValue 1000
   */
  readonly maxDelayMs?: number | undefined;
  /**
   * Maximum number of retries in a row that all callers of the handler share. Every tenth call gives back one.
   *
   * @defaultValue 100
   */
  readonly budget?: number | undefined;
  /**
   * The source of the time.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Returns a random number from 0 to less than 1.
   *
   * @defaultValue `Math.random`
   */
  readonly random?: (() => number) | undefined;
}

/**
 * Repeats calls that have failed without an effect, after a random wait.
 *
 * @remarks
 * - Only a read, a list, and a change with outcome `not-applied` is repeated, if its code is `unavailable`, `timeout`,
 *   `overloaded` or `read-only`. A change with outcome `unknown` never is: it may have been applied.
 * - The wait is a random part of a maximum that doubles ("full jitter"), so that callers that fail together do not come
 *   back together. If the store asks for a wait (`retryAfterMs` of the error), that comes first.
 * - All callers share a budget: there are never more retries than `budget` plus a tenth of the calls. Without it, a store
 *   in trouble would get several times its load. A call without budget rejects with the error of its last attempt.
 * - A caller that gives up during a wait is answered at once, and nothing more is sent. A `withTimeout` outside limits
 *   all attempts and waits of a call together, and one inside limits each attempt.
 * - Put connection checks inside: `withRetry(withConnectionCheck(handler))`. The next attempt then finds a replaced
 *   connection.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function withRetry<H extends SessionHandler>(handler: H, options: RetryOptions = {}): Decorated<H> {
  const { attempts = 3, baseDelayMs = 100, maxDelayMs = 1000, budget = 100 } = options;
  const { clock = systemClock, random = Math.random } = options;
  checkOptionNames("withRetry", options, ["attempts", "baseDelayMs", "maxDelayMs", "budget", "clock", "random"]);
  checkCount("attempts", attempts, 1, 100);
  checkCount("baseDelayMs", baseDelayMs, 0, MAX_DELAY_MS);
  checkCount("maxDelayMs", maxDelayMs, 0, MAX_DELAY_MS);
  checkCount("budget", budget, 0);
  checkClock(clock);
  if (typeof random !== "function") throw new TypeError("`random` must be a function.");
  const retries = new RetryBudget(budget);
  const waits = new CancellableWaits(clock);

  return decorateHandler(handler, {
    async operation(operation, next) {
      retries.addCall();
      operation.keepArguments();
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await next();
        } catch (error) {
          if (attempt === attempts || !isRetriable(error, operation)) throw error;
          const maxWaitMs = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
          const { retryAfterMs = 0 } = error;
          if (retryAfterMs > maxDelayMs || !retries.take()) throw error;
          await waits.wait(retryAfterMs + random() * maxWaitMs, operation.cancellation);
        }
      }
    },
    close(next) {
      waits.close();
      return next();
    },
  });
}
