import { attempt } from "../backend/call.ts";
import { PendingCall } from "../backend/pending-call.ts";
import type { MaybePromise } from "../backend/session-backend.ts";
import { isSessionError } from "../errors.ts";

/** A call that passes through a decorator. While the handler inside has it, that handler respects a signal or a close. */
export class PassedCall<T> extends PendingCall<T> {
  /** The number of unanswered requests to the handler inside. */
  #unanswered = 0;
  /** The number of requests that may have had an effect. */
  #effects = 0;
  /** The answer requested before anybody waited for the call. */
  #first: Promise<unknown> | undefined = undefined;
  #isAwaited = false;

  get isInside(): boolean {
    return this.#unanswered > 0;
  }

  passOn<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    const refusal = this.refusal();
    if (refusal) return heard(Promise.reject(refusal));
    this.unlist();
    this.#unanswered += 1;
    this.#effects += 1;
    this.sent = true;
    const answer = attempt(request);
    if (this.#first || this.#isAwaited) this.#follow(answer);
    else this.#first = answer;
    return answer;
  }

  /** Returns `true` if the call ends with this answer of the handler inside, as nothing follows that could be cancelled. */
  endsWith(answer: MaybePromise<T>): boolean {
    return answer === this.#first;
  }

  override settleBy(answer: MaybePromise<T>): Promise<T> {
    this.#followFirst();
    return super.settleBy(answer);
  }

  override fail(error: unknown): unknown {
    this.#followFirst();
    return super.fail(error);
  }

  protected override list(): void {
    if (!this.isInside) super.list();
  }

  protected override giveUp(error: unknown): void {
    if (!this.isInside) super.giveUp(error);
  }

  #followFirst(): void {
    this.#isAwaited = true;
    if (this.#first) this.#follow(this.#first);
  }

  /** A request had no effect. If none of the others may have had one, neither had the call. */
  #withoutEffect(): void {
    this.#effects -= 1;
    if (this.#effects === 0) this.sent = false;
  }

  /** Continues when the handler inside has answered, unless nobody waits for the call any more. */
  #follow(answer: Promise<unknown>): void {
    const isAnswered = (error?: unknown) => {
      this.#unanswered -= 1;
      if (isSessionError(error) && error.outcome === "not-applied") this.#withoutEffect();
      if (this.isInside) return;
      this.endIfRefused(error);
      this.list();
    };
    answer.then(() => isAnswered(), isAnswered);
  }
}

/** Handles the rejection of a promise that a decorator may never look at, so that it does not end the process. */
export function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
