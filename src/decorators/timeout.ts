import type { RunningCall } from "../backend/call.ts";
import { checkClock, checkCount, checkOptionNames, MAX_DELAY_MS } from "../backend/checks.ts";
import { RunningCalls } from "../backend/running-calls.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { SessionHandler } from "../handler.ts";
import { type Decorated, decorateWith } from "./decorate.ts";
import type { DecoratorHooks } from "./hooks.ts";

/**
 * The options of {@link withTimeout}.
 *
 * @public
 */
export interface TimeoutOptions {
  /**
   * Maximum time for a call, in milliseconds: a whole number from 1 to 2^31 - 1.
   *
   * @defaultValue 2000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The source of the time.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Settles every call by a deadline, whatever the handler inside or its driver does.
 *
 * @remarks
 * A call that times out rejects with code `timeout` and outcome `unknown`, and the handler inside is cancelled by its
 * `signal`. A late answer is dropped. The deadline also covers `ping`, `reconnect` and `close`. If several time limits
 * are nested, the shortest one counts. An answer that has arrived by the deadline counts, even if the process was
 * paused and reads it two turns of the event loop later (law 38).
 *
 * Inside `withConnectionCheck`, it limits only the operation. Around it, it also limits the wait for the check.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function withTimeout<H extends SessionHandler>(handler: H, options: TimeoutOptions = {}): Decorated<H> {
  const { timeoutMs = 2000, clock = systemClock } = options;
  checkOptionNames("withTimeout", options, ["timeoutMs", "clock"]);
  checkCount("timeoutMs", timeoutMs, 1, MAX_DELAY_MS);
  checkClock(clock);
  const calls = new RunningCalls({ name: "The store", clock, timeoutMs });
  const hooks: DecoratorHooks = {
    ping: (next, options) => calls.run(false, options.signal, ({ signal }) => next({ ...options, signal })),
    reconnect: (next, options) => calls.run(false, options.signal, ({ signal }) => next({ ...options, signal })),
    close: (next) => calls.closeWith(next),
  };
  return decorateWith(handler, hooks, () => ({
    run: function runWithTimeout(operation, ask) {
      const pass = (call: RunningCall) => ask(operation.nextOptions(call), operation.data);
      return calls.run(operation.changes, operation.cancellation, pass, true);
    },
    close() {}, // the hook closes, within the deadline
  }));
}
