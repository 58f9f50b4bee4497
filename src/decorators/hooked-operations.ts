import { attempt } from "../backend/call.ts";
import { isPromise } from "../backend/pending-call.ts";
import { RunningCalls } from "../backend/running-calls.ts";
import type { MaybePromise } from "../backend/session-backend.ts";
import { systemClock } from "../clock.ts";
import { fillInOutcome, type Outcome, wrapForeignError } from "../errors.ts";
import type { Cancellation, OperationOptions } from "../handler.ts";
import type { Codec } from "./codec.ts";
import type { Ask, DecoratedOperation } from "./decorated-operation.ts";
import type { DecoratorHooks, OperationObserver } from "./hooks.ts";
import { heard, PassedCall } from "./passed-call.ts";

/** Runs the operations of a decorated handler. */
export interface OperationRunner {
  run<Options extends OperationOptions | undefined, T>(
    operation: DecoratedOperation<Options>,
    ask: Ask<Options, T>,
  ): Promise<T>;
  /** Ends the waiting operations; the handler inside ends those that it has received. */
  close(): void;
}

type Ready = OperationObserver | undefined;

/**
 * Runs operations with hooks.
 *
 * @remarks
 * An operation that is passed on in the same turn with nothing around it needs only the promise of its result: until
 * the handler inside answers, that handler respects a signal or a close, and afterwards nothing is left to cancel.
 */
export class HookedOperations implements OperationRunner {
  readonly #hooks: DecoratorHooks;
  readonly #codec: Codec | undefined;
  readonly #calls = new RunningCalls({ name: "The handler", clock: systemClock, timeoutMs: undefined }, errorOf);

  constructor(hooks: DecoratorHooks, codec: Codec | undefined) {
    this.#hooks = hooks;
    this.#codec = codec;
  }

  close(): void {
    this.#calls.close();
  }

  run<Options extends OperationOptions | undefined, T>(
    operation: DecoratedOperation<Options>,
    ask: Ask<Options, T>,
  ): Promise<T> {
    const notApplied = operation.changes ? "not-applied" : undefined;
    const refusal = this.#calls.refusal(operation.cancellation, notApplied);
    if (refusal) return Promise.reject(refusal);
    let ready: MaybePromise<Ready>;
    try {
      ready = this.#hooks.before?.(operation);
    } catch (error) {
      return Promise.reject(errorOf(error, "The handler", notApplied));
    }
    if (isPromise(ready) || this.#hooks.operation || this.#codec?.concerns(operation)) {
      return this.#runAround(operation, ask, ready);
    }
    const answer = attempt(() => ask(operation.nextOptions(), operation.data));
    return observed(answer, ready, operation.changes);
  }

  /** Runs an operation that may have to wait. The caller or a close can end it. */
  #runAround<Options extends OperationOptions | undefined, T>(
    operation: DecoratedOperation<Options>,
    ask: Ask<Options, T>,
    ready: MaybePromise<Ready>,
  ): Promise<T> {
    const call = new PassedCall<T>(this.#calls, operation.changes, operation.cancellation);
    if (this.#codec && operation.kind === "write") operation.keepArguments();
    try {
      const running = isPromise(ready)
        ? Promise.resolve(ready).then((observer) => this.#go(call, operation, ask, observer))
        : this.#go(call, operation, ask, ready);
      if (call.endsWith(running)) return observed(running, undefined, operation.changes);
      if (!call.isInside) operation.keepArguments();
      return call.settleBy(running);
    } catch (error) {
      return Promise.reject(call.fail(error));
    }
  }

  #go<Options extends OperationOptions | undefined, T>(
    call: PassedCall<T>,
    operation: DecoratedOperation<Options>,
    ask: Ask<Options, T>,
    observer: Ready,
  ): Promise<T> {
    const next = (cancellation?: AbortSignal | Cancellation): Promise<T> => {
      try {
        const options = operation.nextOptions(cancellation);
        const send = (data: Uint8Array) =>
          call.passOn(() => {
            const answer = ask(options, data);
            return observer ? observed(answer, observer, operation.changes) : answer;
          });
        if (!this.#codec?.concerns(operation)) return send(operation.data);
        return heard(this.#codec.around(operation, call, send));
      } catch (error) {
        return heard(Promise.reject(error));
      }
    };
    return this.#hooks.operation?.(operation, next) ?? next();
  }
}

/** Reports the end of an operation to the observer, then to the caller. */
function observed<T>(answer: Promise<T>, observer: Ready, changes: boolean): Promise<T> {
  if (!observer) return answer.then(undefined, changes ? rejectChange : rejectOther);
  const outcome = changes ? "unknown" : undefined;
  return answer.then(
    (result) => {
      try {
        observer.answered(result);
      } catch (error) {
        throw errorOf(error, "The handler", outcome);
      }
      return result;
    },
    (error: unknown) => {
      try {
        observer.failed(error);
      } catch (thrown) {
        throw errorOf(thrown, "The handler", outcome);
      }
      throw errorOf(error, "The handler", outcome);
    },
  );
}

function rejectChange(error: unknown): never {
  throw errorOf(error, "The handler", "unknown");
}

function rejectOther(error: unknown): never {
  throw errorOf(error, "The handler", undefined);
}

/** Passes errors named by the handler inside unchanged. An operation that was not passed on is `not-applied`. */
function errorOf(error: unknown, name: string, outcome: Outcome | undefined): unknown {
  const named = wrapForeignError(error, name, outcome);
  return outcome === "not-applied" ? fillInOutcome(named, outcome) : named;
}
