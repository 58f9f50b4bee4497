import { abortedError } from "../../backend/call-errors.ts";
import { isSessionError, type Outcome, replaceOutcome, SessionError } from "../../errors.ts";
import type { Operation } from "../operation.ts";
import { heard } from "../passed-call.ts";
import type { ExecutionPolicy } from "./execution-policy.ts";
import { codeOf, messageOf } from "./policy-errors.ts";

/** One operation under a policy. */
export class PolicyRun<T> {
  readonly #operation: Operation;
  readonly #next: (signal?: AbortSignal) => Promise<T>;
  #latest: Promise<T> | undefined = undefined;
  #answered: { readonly answer: T } | undefined = undefined;
  #failed: { readonly error: unknown } | undefined = undefined;
  /** `true` while the latest run of a change is under way, and afterwards unless it had no effect. */
  #mayBeApplied = false;
  #isOver = false;

  constructor(operation: Operation, next: (signal?: AbortSignal) => Promise<T>) {
    this.#operation = operation;
    this.#next = next;
  }

  /** Settles by the handler inside if the policy has let it answer; otherwise rejects. */
  async under(policy: ExecutionPolicy): Promise<T> {
    try {
      await policy.execute((context) => this.#run(context?.signal), this.#operation.signal);
    } catch (error) {
      throw this.#errorOf(error);
    } finally {
      this.#isOver = true;
    }
    if (this.#answered) return this.#answered.answer;
    if (this.#failed) throw this.#errorOf(this.#failed.error);
    throw new SessionError("failed", "The policy has answered in place of the store.", { outcome: this.#outcome });
  }

  /** The outcome of the operation if it failed now. */
  get #outcome(): Outcome | undefined {
    if (!this.#operation.changes) return undefined;
    return this.#mayBeApplied ? "unknown" : "not-applied";
  }

  /** Runs the operation, unless it is a change that may have been applied: then the run before it counts. */
  #run(signal: AbortSignal | undefined): Promise<T> {
    if (this.#latest && this.#mayBeApplied) return this.#latest;
    this.#latest = heard(this.#isOver ? Promise.reject(tooLate()) : this.#attempt(signal));
    return this.#latest;
  }

  async #attempt(signal: AbortSignal | undefined): Promise<T> {
    const { changes } = this.#operation;
    this.#mayBeApplied = changes;
    try {
      const answer = await this.#next(this.#joined(signal));
      this.#answered = { answer };
      return answer;
    } catch (error) {
      this.#failed = { error };
      if (isSessionError(error) && error.outcome === "not-applied") this.#mayBeApplied = false;
      throw error;
    }
  }

  /** Returns a signal that also aborts when the caller gives up, or `undefined` if that of the caller is enough. */
  #joined(signal: AbortSignal | undefined): AbortSignal | undefined {
    const own = this.#operation.signal;
    if (signal === undefined || signal === own) return undefined;
    return own === undefined ? signal : AbortSignal.any([own, signal]);
  }

  #errorOf(error: unknown): unknown {
    const { cancellation } = this.#operation;
    const outcome = this.#outcome;
    if (cancellation?.aborted) return abortedError(cancellation, outcome);
    const isOfStore = error === this.#failed?.error;
    if (isSessionError(error) && error.code !== "aborted") return outcome ? replaceOutcome(error, outcome) : error;
    if (isOfStore && !isSessionError(error)) return error;
    const code = isOfStore ? "timeout" : codeOf(error, this.#latest !== undefined);
    return new SessionError(code, messageOf(code), { cause: error, outcome });
  }
}

function tooLate(): SessionError {
  return new SessionError("aborted", "The policy has ended before it ran the operation.", { outcome: "not-applied" });
}
