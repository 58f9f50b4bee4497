import { afterTwoTurns, type Clock, requestsAreCancelled, scheduleDeadline, systemClock } from "../clock.ts";

/** A call in the list of running calls. */
export interface ListedCall {
  begunAt: number;
  /** Points to the call itself while it is in no list. */
  older: ListedCall;
  newer: ListedCall;
  /** Cancels the call's own timer, if calls share none. */
  cancelTimer: (() => void) | undefined;
  timeOut(): void;
  close(): void;
}

/**
 * Maximum time for which a call without a deadline is kept, and the extra time for which a call is kept beyond its
 * deadline.
 */
const MAX_CALL_MS = 600_000;
const OVERDUE_MS = 60_000;

/**
 * The running calls of one handler, oldest first.
 *
 * @remarks
 * All have the same time limit, so they are due in this order and one timer serves them all. It is set for the oldest
 * call; a call that ends just leaves the list. A system timer that is no longer needed is left to run out: clearing and
 * setting one for each call that runs alone would again cost one timer per call. With any other clock, no timer is left
 * behind.
 */
export class CallList {
  readonly #clock: Clock;
  readonly #timeoutMs: number | undefined;
  readonly #sharesTimer: boolean;
  readonly #end: ListedCall;
  #cancelTimer: (() => void) | undefined;

  /** Takes `end`, which closes the list to a circle and is not one of its calls. */
  constructor(clock: Clock, timeoutMs: number | undefined, end: ListedCall) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#end = end;
    this.#sharesTimer = !requestsAreCancelled();
  }

  add(call: ListedCall): void {
    const now = this.#clock.monotonic();
    this.#dropOverdue(now);
    call.begunAt = now;
    link(this.#end.older, call);
    link(call, this.#end);
    if (this.#timeoutMs === undefined) return;
    if (!this.#sharesTimer) call.cancelTimer = scheduleDeadline(this.#clock, () => call.timeOut(), this.#timeoutMs);
    else if (this.#cancelTimer === undefined) this.#setTimer(now, this.#timeoutMs);
  }

  delete(call: ListedCall): void {
    call.cancelTimer?.();
    link(call.older, call.newer);
    link(call, call);
    if (this.#oldest === undefined && this.#clock !== systemClock) this.clearTimer();
  }

  clearTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  get #oldest(): ListedCall | undefined {
    const oldest = this.#end.newer;
    return oldest === this.#end ? undefined : oldest;
  }

  toArray(): ListedCall[] {
    const calls: ListedCall[] = [];
    for (let call = this.#end.newer; call !== this.#end; call = call.newer) calls.push(call);
    return calls;
  }

  #setTimer(now: number, timeoutMs: number): void {
    const oldest = this.#oldest;
    if (oldest === undefined) return;
    const { begunAt } = oldest;
    const run = () => this.#timeIsUp(begunAt, timeoutMs);
    // Subtracted first: rounding could push the longest delay beyond the maximum of a timer, which then fires at once.
    this.#cancelTimer = this.#clock.schedule(run, Math.max(0, timeoutMs - (now - begunAt)));
  }

  /** Times out the calls whose time has passed, and always the one for which the timer was set, whatever the clock says. */
  #timeIsUp(setFor: number, timeoutMs: number): void {
    const now = this.#clock.monotonic();
    const dueUntil = Math.max(setFor, now - timeoutMs);
    this.#cancelTimer = undefined;
    const oldest = this.#oldest;
    if (oldest === undefined) return;
    if (oldest.begunAt > dueUntil) this.#setTimer(now, timeoutMs);
    else this.#cancelTimer = afterTwoTurns(this.#clock, () => this.#timeOut(dueUntil, timeoutMs));
  }

  #timeOut(dueUntil: number, timeoutMs: number): void {
    this.#cancelTimer = undefined;
    for (const call of this.toArray()) if (call.begunAt <= dueUntil) call.timeOut();
    if (this.#cancelTimer === undefined) this.#setTimer(this.#clock.monotonic(), timeoutMs);
  }

  /** Drops calls whose deadline never fired although it is long past: they ended with the request that set their timer. */
  #dropOverdue(now: number): void {
    const overdueMs = (this.#timeoutMs ?? MAX_CALL_MS) + OVERDUE_MS;
    for (const end = this.#end; end.newer !== end && now - end.newer.begunAt >= overdueMs; ) this.delete(end.newer);
  }
}

function link(older: ListedCall, newer: ListedCall): void {
  older.newer = newer;
  newer.older = older;
}
