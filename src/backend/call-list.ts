import { afterTwoTurns, type Clock, requestsAreCancelled, scheduleDeadline, systemClock } from "../clock.ts";

/** A call in the list of those that are under way. */
export interface ListedCall {
  begunAt: number;
  /** The call itself, where it is in no list. */
  older: ListedCall;
  newer: ListedCall;
  /** A timer of its own, where calls share none. */
  cancelTimer: (() => void) | undefined;
  timeOut(): void;
  close(): void;
}

/** A call without a deadline is kept for so long, and each for so much longer than its deadline. */
const MAX_CALL_MS = 600_000;
const OVERDUE_MS = 60_000;

/**
 * The calls of one handler that are under way, the oldest first.
 *
 * @remarks
 * They have one time limit, so they fall due in this order, and one timer serves them all: it is set for the oldest, and a call that
 * ends just leaves. A timer of the system that nobody needs any more is left to run out, because to clear and set one for each call
 * that comes alone would be a timer for each call again. Any other clock is left without a timer.
 */
export class CallList {
  readonly #clock: Clock;
  readonly #timeoutMs: number | undefined;
  readonly #sharesTimer: boolean;
  readonly #end: ListedCall;
  #cancelTimer: (() => void) | undefined;

  /** `end` closes the list to a circle, and is none of its calls. */
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
    // Subtracted first: rounded up, the longest delay would be longer than a timer takes, which then fires at once.
    this.#cancelTimer = this.#clock.schedule(run, Math.max(0, timeoutMs - (now - begunAt)));
  }

  /** Those are due whose time has passed; and the one for which the timer was set, whatever the clock says. */
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

  /** A call whose deadline has not come although it is long over has ended with the request that has set its timer. */
  #dropOverdue(now: number): void {
    const overdueMs = (this.#timeoutMs ?? MAX_CALL_MS) + OVERDUE_MS;
    for (const end = this.#end; end.newer !== end && now - end.newer.begunAt >= overdueMs; ) this.delete(end.newer);
  }
}

function link(older: ListedCall, newer: ListedCall): void {
  older.newer = newer;
  newer.older = older;
}
