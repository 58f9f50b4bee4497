import type { Call } from "../backend/call.ts";
import { checkClock, checkCount, checkOptionNames, MAX_DELAY_MS, print } from "../backend/checks.ts";
import { NOTICED_WITHIN_MS, QueuedTask } from "../backend/queued-task.ts";
import { RunningCalls } from "../backend/running-calls.ts";
import type { MaybePromise } from "../backend/session-backend.ts";
import { TurnQueue } from "../backend/turn-queue.ts";
import { type Clock, systemClock } from "../clock.ts";
import { isSessionError, SessionError } from "../errors.ts";
import type { ConnectionOptions, NetworkedSessionHandler, SessionHandler } from "../handler.ts";
import { ConnectionState } from "./connection-state.ts";
import { type Decorated, decorateHandler } from "./decorate.ts";
import type { OperationObserver } from "./hooks.ts";

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

  const checkTimeoutMs = pingTimeoutMs + reconnectTimeoutMs + NOTICED_WITHIN_MS;
  // The check of another caller has no end when that one has left, and the one that has taken over as well.
  const joining = new RunningCalls({ name: "The connection check", clock, timeoutMs: checkTimeoutMs });
  const pings = new RunningCalls({ name: "The store", clock, timeoutMs: pingTimeoutMs });
  const reconnects = new RunningCalls({ name: "The new connection", clock, timeoutMs: reconnectTimeoutMs });
  const states = new Map<string | undefined, ConnectionState>();
  const checks = new Map<ConnectionState, TurnQueue<CheckedCall>>();
  let closed = false;

  return decorateHandler<H>(handler, {
    before: function checkBeforeUse({ id, changes }) {
      return id === undefined && handler.connectionOf ? readyToList() : readyToUse(id, changes);
    },
    ping: (next, { connection }) => observe(affectedStates(connection), next),
    async reconnect(next, { connection }) {
      await observe(affectedStates(connection), next);
      for (const state of affectedStates(connection)) state.renew();
    },
    close(next) {
      closed = true;
      for (const calls of [joining, pings, reconnects]) calls.close();
      return next();
    },
  });

  /** Waits for a check, if one is due. */
  function readyToUse(id: string | undefined, changes: boolean): MaybePromise<OperationObserver> {
    const connection = id === undefined ? undefined : handler.connectionOf?.(id);
    const state = stateOf(connection);
    return isCheckDue(state) ? readyOnceChecked(id, changes, connection, state) : use(id, connection, state);
  }

  function readyOnceChecked(
    id: string | undefined,
    changes: boolean,
    connection: string | undefined,
    state: ConnectionState,
  ): Promise<OperationObserver> {
    const check = () => sharedCheck(state, connection);
    const checked = checks.has(state) ? joining.run(changes, undefined, check) : check();
    return checked.then(() => use(id, connection, state));
  }

  function use(id: string | undefined, connection: string | undefined, state: ConnectionState): OperationObserver {
    return id === undefined || connection === undefined ? state.use() : useOfActual(id, connection, state.use());
  }

  /**
   * An operation may open the way to its connection itself, or be sent on to another one: what becomes of it is then known of that
   * one as well, which would pass for unused otherwise.
   */
  function useOfActual(id: string, meant: string, use: OperationObserver): OperationObserver {
    const actual = () => {
      const used = handler.connectionOf?.(id);
      return used === meant ? undefined : stateOf(used).use();
    };
    return {
      answered(result) {
        use.answered(result);
        actual()?.answered(result);
      },
      failed(error) {
        use.failed(error);
        actual()?.failed(error);
      },
    };
  }

  function stateOf(connection: string | undefined): ConnectionState {
    const known = states.get(connection);
    if (known) return known;
    const state = new ConnectionState(clock);
    states.set(connection, state);
    return state;
  }

  /** The states that a ping or a reconnection tells something about: without a name, all of them. */
  function affectedStates(connection: string | undefined): ConnectionState[] {
    if (connection === undefined && handler.connectionOf) return [...states.values()];
    return [stateOf(connection)];
  }

  function observe(observed: ConnectionState[], use: () => Promise<void>): Promise<void> {
    return observed.reduce((observing, state) => () => state.observe(observing), use)();
  }

  function isCheckDue(state: ConnectionState): boolean {
    if (state.checkNeeded !== "none") return handler.ping !== undefined || handler.reconnect !== undefined;
    return handler.ping !== undefined && state.isIdle(everySeconds * 1000);
  }

  /**
   * A listing may use every connection. Those that are known are checked each for itself, so that a dead one is replaced and
   * no other; what follows is the check of all of them together, of which some may not be known yet.
   */
  function readyToList(): MaybePromise<OperationObserver> {
    const due = [...states].filter(([connection, state]) => connection !== undefined && isCheckDue(state));
    if (due.length === 0) return readyToUse(undefined, false);
    const check = () => Promise.all(due.map(([connection, state]) => sharedCheck(state, connection)));
    const checked = due.some(([, state]) => checks.has(state)) ? joining.run(false, undefined, check) : check();
    return checked.then(() => readyToUse(undefined, false));
  }

  /** One check serves all who wait for it, a call from within the handler's own ping included. It is made by one of them. */
  async function sharedCheck(state: ConnectionState, connection: string | undefined): Promise<void> {
    const queue = checks.get(state) ?? new TurnQueue<CheckedCall>(clock, checkTimeoutMs);
    checks.set(state, queue);
    const call = new CheckedCall();
    await queue.run(call, async (turn) => {
      const failure = await failureOf(checkConnection(state, connection));
      if (turn.isOver) return call.end(failure);
      checks.delete(state);
      turn.begin(queue.take());
      for (const checked of queue.tasks) if (checked instanceof CheckedCall) checked.end(failure);
    });
    if (call.failure) throw call.failure.error;
  }

  async function checkConnection(state: ConnectionState, connection: string | undefined): Promise<void> {
    const failures: unknown[] = [];
    if (handler.ping && state.checkNeeded !== "reconnect") {
      try {
        await state.observe(() => pings.run(false, undefined, (call) => ping(connection, call)));
        return;
      } catch (error) {
        if (isSessionError(error) && error.code === "closed") throw error;
        failures.push(error);
      }
    }
    if (handler.reconnect) {
      try {
        await reconnects.run(false, undefined, (call) => reconnect(connection, call));
        for (const renewed of affectedStates(connection)) renewed.renew();
        return;
      } catch (error) {
        failures.push(error);
      }
    }
    throw new SessionError("unavailable", "The store did not answer, and reconnecting did not help.", {
      cause: new AggregateError(failures, "The connection check failed."),
    });
  }

  async function ping(connection: string | undefined, call: Call): Promise<void> {
    await handler.ping?.(connectionOptions(connection, call.signal));
  }

  async function reconnect(connection: string | undefined, call: Call): Promise<void> {
    await handler.reconnect?.(connectionOptions(connection, call.signal));
    // A connection that was made although the handler has been closed meanwhile must not stay open.
    if (closed) await handler.close();
  }
}

/** A call that waits for a check. */
class CheckedCall extends QueuedTask {
  readonly isShared = true;
  failure: { readonly error: unknown } | undefined;

  end(failure: { readonly error: unknown } | undefined): void {
    this.failure = failure;
    this.settle();
  }
}

function failureOf(attempt: Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  return attempt.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
}

function connectionOptions(connection: string | undefined, signal: AbortSignal): ConnectionOptions {
  return connection === undefined ? { signal } : { connection, signal };
}

function checkEverySeconds(everySeconds: unknown): void {
  if (typeof everySeconds === "number" && everySeconds >= 0) return;
  throw new RangeError(`everySeconds must be a number from 0 to Infinity, not ${print(everySeconds)}.`);
}
