import { attempt } from "../backend/call.ts";
import { PendingCall } from "../backend/pending-call.ts";
import type { MaybePromise } from "../backend/session-backend.ts";

/** A call on its way through a decorator. While the handler inside has it, it is for that to heed a signal or a close. */
export class PassedCall<T> extends PendingCall<T> {
  /** The requests to the handler inside that have not been answered. */
  #unanswered = 0;
  /** The answer that was asked for before anybody waited for the call. */
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
    this.sent = true;
    const answer = attempt(request);
    if (this.#first || this.#isAwaited) this.#follow(answer);
    else this.#first = answer;
    return answer;
  }

  /** Tells whether it is over when the handler inside answers, as nothing follows that could be given up. */
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

  /** Goes on when the handler inside has answered, unless nobody waits for it any more. */
  #follow(answer: Promise<unknown>): void {
    const isAnswered = (error?: unknown) => {
      this.#unanswered -= 1;
      if (this.isInside) return;
      this.endIfRefused(error);
      this.list();
    };
    answer.then(() => isAnswered(), isAnswered);
  }
}

/** A decorator may ask for something and never look at how it ends, which must not end the process. */
export function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
