import { checkClock, checkCount, checkOptionNames, MAX_DELAY_MS, print } from "../backend/checks.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { NetworkedSessionHandler, SessionHandler } from "../handler.ts";
import { ConnectionChecker } from "./connection-checker.ts";
import { type Decorated, decorateHandler } from "./decorate.ts";

/**
 * The options of {@link withConnectionCheck}.
 *
 * @public
 */
export interface ConnectionCheckOptions {
  /**
   * Checks a connection before use once it has been idle for this many seconds. 0: before every operation; `Infinity`:
   * only after a failure. Choose it shorter than the idle limit of everything between this process and the store.
   *
   * @defaultValue 20
   */
  readonly everySeconds?: number | undefined;
  /**
   * Maximum time to wait for the answer to a ping, in milliseconds.
   *
   * @defaultValue 1000
   */
  readonly pingTimeoutMs?: number | undefined;
  /**
   * Maximum time for a reconnection, in milliseconds.
   *
   * @defaultValue 3000
   */
  readonly reconnectTimeoutMs?: number | undefined;
  /**
   * The source of the time.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Checks an idle connection before use, and replaces it if it is dead. A connection that a firewall, NAT or load
 * balancer has silently dropped then costs a moment instead of minutes.
 *
 * @remarks
 * It pings before an operation if the connection has shown no sign of life for `everySeconds`, or if an operation on it
 * has failed since. If there is no answer within `pingTimeoutMs`, it reconnects once, and then runs the operation. If
 * the reconnection fails as well, the operation rejects with code `unavailable` and outcome `not-applied`; the `cause`
 * is an `AggregateError` of both failures. However many operations wait, there is only one ping or reconnection at a
 * time per connection.
 *
 * - An operation is passed on once and never repeated.
 * - A sign of life is a timely answer to an operation, a ping or a reconnection. A connection that has never been used
 *   counts as fresh, because opening it checks it.
 * - An answer that has arrived by the deadline counts, even if the process was paused and reads it two turns of the
 *   event loop later (law 59). A paused process therefore replaces no healthy connection.
 * - Idle time is the longer of monotonic and wall-clock time, so neither a clock that was set back nor a suspended
 *   machine hides a dead connection.
 * - A write refused with code `read-only` leads to a reconnection without a ping, because a demoted master answers
 *   pings.
 * - It only works when called, without a timer of its own; nothing runs between operations.
 * - A listing is checked like an operation. If there are several connections, the known ones are checked first, then
 *   all together, unless that was done within `everySeconds`.
 * - A handler without `ping` is only reconnected after a failure; one without `reconnect` is only pinged.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function withConnectionCheck<H extends SessionHandler>(
  handler: H & Partial<NetworkedSessionHandler>,
  options: ConnectionCheckOptions = {},
): Decorated<H> {
  const { everySeconds = 20, pingTimeoutMs = 1000, reconnectTimeoutMs = 3000, clock = systemClock } = options;
  checkOptionNames("withConnectionCheck", options, ["everySeconds", "pingTimeoutMs", "reconnectTimeoutMs", "clock"]);
  checkEverySeconds(everySeconds);
  checkCount("pingTimeoutMs", pingTimeoutMs, 1, MAX_DELAY_MS);
  checkCount("reconnectTimeoutMs", reconnectTimeoutMs, 1, MAX_DELAY_MS);
  checkClock(clock);

  const checker = new ConnectionChecker(handler, { everySeconds, pingTimeoutMs, reconnectTimeoutMs }, clock);
  return decorateHandler<H>(handler, {
    before: (operation) => checker.ready(operation),
    ping: (next, { connection }) => checker.observe(connection, next),
    async reconnect(next, { connection }) {
      await checker.observe(connection, next);
      checker.renew(connection);
    },
    close(next) {
      checker.close();
      return next();
    },
  });
}

function checkEverySeconds(everySeconds: unknown): void {
  if (typeof everySeconds === "number" && everySeconds >= 0) return;
  throw new RangeError(`everySeconds must be a number from 0 to Infinity, not ${print(everySeconds)}.`);
}
