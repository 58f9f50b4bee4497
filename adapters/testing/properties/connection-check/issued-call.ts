import { isSessionError, type SessionError, type SessionHandler } from "sessionwire";
import { print, printCall } from "../../print.ts";
import { settled, type VirtualClock } from "../../virtual-clock.ts";
import type { Ending, Method, WatchedCall, Witness } from "./witness.ts";

/** The time limits of a check and of the operation after it, in ms. */
export interface Limits {
  readonly checkMs: number;
  readonly operationMs: number;
}

/** A call that a story makes on a check. It is judged once it has settled, whatever its outcome. */
export class IssuedCall implements WatchedCall {
  readonly words: string;
  readonly method: Method;
  readonly args: readonly unknown[];
  readonly wasDue: boolean;
  readonly checksBefore: number;
  isAborted = false;
  sent = false;
  inner: Ending | undefined;
  /** The outcome. */
  outer: Ending | undefined;
  readonly #clock: VirtualClock;
  readonly #witness: Witness;
  readonly #limits: Limits;
  readonly #controller = new AbortController();
  readonly #startedAt: number;
  readonly #failuresBefore: number;

  constructor(method: Method, id: string, clock: VirtualClock, witness: Witness, limits: Limits) {
    this.method = method;
    this.args = argumentsOf(method, id, this.#controller.signal);
    this.words = printCall(method, [id]);
    this.wasDue = witness.isDue();
    this.checksBefore = witness.checks;
    this.#failuresBefore = witness.failures;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.#witness = witness;
    this.#limits = limits;
  }

  make(handler: SessionHandler): void {
    // The method and its arguments match, which the compiler cannot see.
    const run = handler[this.method] as (...args: readonly unknown[]) => Promise<unknown>;
    run.apply(handler, [...this.args]).then(
      (result) => this.#end({ result }),
      (error: unknown) => this.#end({ error }),
    );
  }

  abort(): void {
    this.isAborted = this.outer === undefined;
    this.#controller.abort(new Error("changed my mind"));
    void settled().then(() => this.#complain(66, this.outer === undefined, "continues after it was aborted"));
  }

  /** Called when everything has had its time. */
  checkEnd(): void {
    this.#complain(59, this.outer === undefined, "has not settled");
  }

  #end(outer: Ending): void {
    this.outer = outer;
    const { checkMs, operationMs } = this.#limits;
    const tookMs = this.#clock.monotonic() - this.#startedAt;
    this.#complain(59, tookMs > checkMs + (this.sent ? operationMs : 0), `took ${tookMs} ms`);
    if ("result" in outer) this.#checkResult(outer.result);
    else this.#checkError(outer.error);
  }

  #checkResult(result: unknown): void {
    const { inner } = this;
    if (inner && "result" in inner) {
      this.#complain(56, inner.result !== result, "returns something else than the inner handler");
    } else {
      this.#complain(32, true, `returns ${print(result)}, although the inner handler has not answered`);
    }
  }

  #checkError(error: unknown): void {
    const { inner } = this;
    this.#complain(56, inner !== undefined && "result" in inner, "fails, although the inner handler has answered");
    this.#complain(33, !isSessionError(error), `fails with ${String(error)}`);
    if (!isSessionError(error)) return;
    this.#checkOutcome(error);
    if (inner && "error" in inner) {
      this.#complain(56, error !== inner.error, "fails with another error than the inner handler");
    } else if (this.isAborted) {
      this.#complain(66, !isOfSignal(error, this.#controller.signal), "does not say that it was aborted");
    } else if (this.#witness.isClosed) {
      this.#complain(68, error.code !== "closed", "does not say that the check was closed");
    } else this.#checkFailedCheck(error);
  }

  /** Checks that the inner handler knows the outcome, or else that nothing was passed on. */
  #checkOutcome({ outcome }: SessionError): void {
    if (this.method === "read") return;
    const inner = this.inner && "error" in this.inner ? this.inner.error : undefined;
    const ofInner = isSessionError(inner) ? inner.outcome : "unknown";
    const expected = this.sent ? ofInner : "not-applied";
    this.#complain(34, outcome !== expected, `states the outcome ${outcome}, not ${expected}`);
  }

  #checkFailedCheck(error: SessionError): void {
    this.#complain(56, this.sent, "fails, although the inner handler has not");
    const hasFailed = this.#witness.failures > this.#failuresBefore;
    this.#complain(53, !hasFailed, "fails, although no check has failed since it was made");
    this.#complain(58, !isOfFailedCheck(error), "does not state how both ping and reconnection have failed");
  }

  #complain(law: number, isBroken: boolean, says: string): void {
    this.#witness.complain(law, isBroken, `${this.words} ${says}`);
  }
}

function isOfSignal({ code, cause }: SessionError, signal: AbortSignal): boolean {
  return code === "aborted" && cause === signal.reason;
}

function isOfFailedCheck({ code, cause }: SessionError): boolean {
  return code === "unavailable" && cause instanceof AggregateError && cause.errors.length === 2;
}

function argumentsOf(method: Method, id: string, signal: AbortSignal): readonly unknown[] {
  const ttlSeconds = 86_400;
  switch (method) {
    case "read":
      return [id, { ttlSeconds, signal }];
    case "write":
      return [id, new TextEncoder().encode(id), { replaces: undefined, ttlSeconds, signal }];
    case "touch":
      return [id, ttlSeconds, { signal }];
    case "destroy":
      return [id, { signal }];
  }
}
