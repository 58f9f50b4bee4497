import type { Call } from "../backend/call.ts";
import { NOTICED_WITHIN_MS, QueuedTask } from "../backend/queued-task.ts";
import { RunningCalls } from "../backend/running-calls.ts";
import type { MaybePromise } from "../backend/session-backend.ts";
import { TurnQueue } from "../backend/turn-queue.ts";
import type { Clock } from "../clock.ts";
import { isSessionError, SessionError } from "../errors.ts";
import type { ConnectionOptions, NetworkedSessionHandler, SessionHandler } from "../handler.ts";
import type { ConnectionState } from "./connection-state.ts";
import { ConnectionStates } from "./connection-states.ts";
import type { OperationObserver } from "./hooks.ts";
import type { Operation } from "./operation.ts";

/** The limits of a connection check, with defaults filled in. */
export interface CheckLimits {
  readonly everySeconds: number;
  readonly pingTimeoutMs: number;
  readonly reconnectTimeoutMs: number;
}

/** Checks the connections of a handler before use, and replaces dead ones. */
export class ConnectionChecker {
  readonly #handler: SessionHandler & Partial<NetworkedSessionHandler>;
  readonly #clock: Clock;
  readonly #idleLimitMs: number;
  readonly #checkTimeoutMs: number;
  readonly #joining: RunningCalls;
  readonly #pings: RunningCalls;
  readonly #reconnects: RunningCalls;
  readonly #states: ConnectionStates;
  readonly #checks = new Map<ConnectionState, TurnQueue<CheckedCall>>();
  #isClosed = false;

  constructor(
    handler: SessionHandler & Partial<NetworkedSessionHandler>,
    { everySeconds, pingTimeoutMs, reconnectTimeoutMs }: CheckLimits,
    clock: Clock,
  ) {
    this.#handler = handler;
    this.#clock = clock;
    this.#idleLimitMs = everySeconds * 1000;
    this.#checkTimeoutMs = pingTimeoutMs + reconnectTimeoutMs + NOTICED_WITHIN_MS;
    // Limits the wait for another caller's check, which never ends if that caller and the one that took over have left.
    this.#joining = new RunningCalls({ name: "The connection check", clock, timeoutMs: this.#checkTimeoutMs });
    this.#pings = new RunningCalls({ name: "The store", clock, timeoutMs: pingTimeoutMs });
    this.#reconnects = new RunningCalls({ name: "The new connection", clock, timeoutMs: reconnectTimeoutMs });
    this.#states = new ConnectionStates(handler, clock);
  }

  /** Waits for a check if one is due. */
  ready({ id, changes }: Operation): MaybePromise<OperationObserver> {
    return id === undefined && this.#handler.connectionOf ? this.#readyToList() : this.#readyToUse(id, changes);
  }

  /** Runs a ping or a reconnection called from outside, and learns from its result. */
  observe(connection: string | undefined, use: () => Promise<void>): Promise<void> {
    return this.#states.observe(connection, use);
  }

  /** Records a reconnection called from outside. */
  renew(connection: string | undefined): void {
    this.#states.renew(connection);
  }

  close(): void {
    this.#isClosed = true;
    for (const calls of [this.#joining, this.#pings, this.#reconnects]) calls.close();
  }

  #readyToUse(id: string | undefined, changes: boolean): MaybePromise<OperationObserver> {
    const connection = id === undefined ? undefined : this.#handler.connectionOf?.(id);
    const state = this.#states.of(connection);
    if (!this.#isCheckDue(state)) return this.#use(id, connection, state);
    const check = () => this.#sharedCheck(state, connection);
    const checked = this.#checks.has(state) ? this.#joining.run(changes, undefined, check) : check();
    return checked.then(() => this.#use(id, connection, state));
  }

  /**
   * Checks the connections before a listing, which may use all of them. The known ones are checked individually, so
   * that only a dead one is replaced. A check of all together follows, because some may not be known yet.
   */
  #readyToList(): MaybePromise<OperationObserver> {
    const due = this.#states.named().filter(([, state]) => this.#isCheckDue(state));
    if (due.length === 0) return this.#readyToUse(undefined, false);
    const check = () => Promise.all(due.map(([connection, state]) => this.#sharedCheck(state, connection)));
    const joins = due.some(([, state]) => this.#checks.has(state));
    const checked = joins ? this.#joining.run(false, undefined, check) : check();
    return checked.then(() => this.#readyToUse(undefined, false));
  }

  #use(id: string | undefined, connection: string | undefined, state: ConnectionState): OperationObserver {
    return id === undefined || connection === undefined ? state.use() : this.#useOfActual(id, connection, state.use());
  }

  /**
   * Reports the result to the connection actually used as well: an operation may open a connection itself or be
   * redirected to another one, which would otherwise count as unused.
   */
  #useOfActual(id: string, meant: string, use: OperationObserver): OperationObserver {
    const actual = () => {
      const used = this.#handler.connectionOf?.(id);
      return used === meant ? undefined : this.#states.of(used).use();
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

  #isCheckDue(state: ConnectionState): boolean {
    const { ping, reconnect } = this.#handler;
    if (state.checkNeeded !== "none") return ping !== undefined || reconnect !== undefined;
    return ping !== undefined && state.isIdle(this.#idleLimitMs);
  }

  /**
   * Runs one check for all callers that wait for it, including a call from the handler's own ping. One of them performs
   * it.
   */
  async #sharedCheck(state: ConnectionState, connection: string | undefined): Promise<void> {
    const queue = this.#checks.get(state) ?? new TurnQueue<CheckedCall>(this.#clock, this.#checkTimeoutMs);
    this.#checks.set(state, queue);
    const call = new CheckedCall();
    await queue.run(call, async (turn) => {
      const failure = await failureOf(this.#check(state, connection));
      if (turn.isOver) return call.end(failure);
      this.#checks.delete(state);
      turn.begin(queue.take());
      for (const checked of queue.tasks) if (checked instanceof CheckedCall) checked.end(failure);
    });
    if (call.failure) throw call.failure.error;
  }

  async #check(state: ConnectionState, connection: string | undefined): Promise<void> {
    const failures: unknown[] = [];
    if (this.#handler.ping && state.checkNeeded !== "reconnect") {
      try {
        await state.observe(() => this.#pings.run(false, undefined, (call) => this.#ping(connection, call)));
        return;
      } catch (error) {
        if (isSessionError(error) && error.code === "closed") throw error;
        failures.push(error);
      }
    }
    if (this.#handler.reconnect) {
      try {
        await this.#reconnects.run(false, undefined, (call) => this.#reconnect(connection, call));
        this.#states.renew(connection);
        return;
      } catch (error) {
        failures.push(error);
      }
    }
    throw new SessionError("unavailable", "The store did not answer, and reconnecting did not help.", {
      cause: new AggregateError(failures, "The connection check failed."),
    });
  }

  async #ping(connection: string | undefined, call: Call): Promise<void> {
    await this.#handler.ping?.(connectionOptions(connection, call.signal));
  }

  async #reconnect(connection: string | undefined, call: Call): Promise<void> {
    await this.#handler.reconnect?.(connectionOptions(connection, call.signal));
    // A connection made although the handler has been closed in the meantime must not stay open.
    if (this.#isClosed) await this.#handler.close();
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
