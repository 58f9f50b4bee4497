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
   * The longest that a call may take, in milliseconds: a whole number from 1 to 2^31 - 1.
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
 * A call that runs out of time rejects with code `timeout` and outcome `unknown`, and the handler inside is told to give up
 * by its `signal`. What it answers later is dropped. The deadline covers `ping`, `reconnect` and `close` as well. With
 * several time limits around each other, the shortest one counts. What has arrived by then is an answer, also where the process
 * stood still and hears of it two turns of the event loop later (law 38).
 *
 * Inside `withConnectionCheck` it limits the operation itself. Around it, it limits the waiting for the check as well.
 *
 * @throws `RangeError` or `TypeError` for an option that cannot be used.
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
    close() {}, // which the hook does, within the deadline
  }));
}
