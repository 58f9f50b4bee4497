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
   * A connection that has been silent for so many seconds is checked before it is used. 0: before every operation;
   * `Infinity`: only after a failure. Choose it shorter than the idle limit of whatever stands between here and the store.
   *
   * @defaultValue 20
   */
  readonly everySeconds?: number | undefined;
  /**
   * How long the answer to a ping may take, in milliseconds.
   *
   * @defaultValue 1000
   */
  readonly pingTimeoutMs?: number | undefined;
  /**
   * How long a reconnection may take, in milliseconds.
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
 * Checks a connection that has been idle before it is used, and replaces it when it is dead: so that a connection which a
 * firewall, NAT or load balancer has dropped without a word costs a moment, and not minutes.
 *
 * @remarks
 * Before an operation on a connection that has given no sign of life for `everySeconds`, or on which an operation has failed
 * since, it pings. If there is no answer within `pingTimeoutMs`, it reconnects once, and then runs the operation. If that
 * fails as well, the operation rejects with code `unavailable` and outcome `not-applied`; the `cause` is an
 * `AggregateError` of both failures. However many operations are waiting, there is one ping and one reconnection at a time,
 * for each connection.
 *
 * - An operation is passed on once and never repeated.
 * - A sign of life is an answer that arrived in time: to an operation, a ping or a reconnection. A connection that has
 *   never been used counts as fresh, because opening it will be its check.
 * - An answer that has arrived when the time is up counts, also where the process stood still and hears of it two turns of the event
 *   loop later (law 59): so a process that stands still replaces no healthy connection.
 * - Idle is the longer of monotonic and wall-clock time, so that neither a clock that was set back nor a suspended machine
 *   hides a dead connection.
 * - A write refused with code `read-only` leads to a reconnection without a ping: a demoted master answers pings.
 * - It works when it is called and has no timer of its own; nothing runs between operations.
 * - A listing is checked as an operation is. Of several connections, all are checked before it that are known, and then all
 *   together, unless that has been done within `everySeconds`.
 * - A handler without `ping` is reconnected after a failure only, one without `reconnect` is only pinged.
 *
 * @throws `RangeError` or `TypeError` for an option that cannot be used.
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
