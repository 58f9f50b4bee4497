import type { CancelSource } from "../handler.ts";

/** A call that its caller can cancel. */
export interface WatchedCall {
  readonly cancellation: CancelSource | undefined;
  readonly onAbort: () => void;
}

/** The calls that end with one signal, and the one listener that notifies them. */
interface Watch {
  readonly calls: Set<WatchedCall>;
  readonly onAbort: () => void;
}

/** Notifies calls that their caller has given up. */
export class CancelWatch {
  readonly #watches = new WeakMap<CancelSource, Watch>();

  add(call: WatchedCall): void {
    const { cancellation } = call;
    if (cancellation === undefined) return;
    if (isOfOneCall(cancellation)) cancellation.addEventListener("abort", call.onAbort);
    else this.#watch(cancellation, call);
  }

  delete(call: WatchedCall): void {
    const { cancellation } = call;
    if (cancellation === undefined) return;
    if (isOfOneCall(cancellation)) cancellation.removeEventListener("abort", call.onAbort);
    else this.#unwatch(cancellation, call);
  }

  /** One listener serves all calls under one signal: Node warns of a leak when a signal has more than ten. */
  #watch(cancellation: CancelSource, call: WatchedCall): void {
    const watch = this.#watches.get(cancellation);
    if (watch) {
      watch.calls.add(call);
      return;
    }
    const calls = new Set([call]);
    const onAbort = () => {
      for (const each of calls) each.onAbort();
    };
    this.#watches.set(cancellation, { calls, onAbort });
    cancellation.addEventListener("abort", onAbort);
  }

  #unwatch(cancellation: CancelSource, call: WatchedCall): void {
    const watch = this.#watches.get(cancellation);
    if (!watch?.calls.delete(call) || watch.calls.size > 0) return;
    this.#watches.delete(cancellation);
    cancellation.removeEventListener("abort", watch.onAbort);
  }
}

/** Checks if the source is a call that was passed on: it cancels only the calls that it makes itself. */
function isOfOneCall(cancellation: CancelSource): boolean {
  return "signal" in cancellation;
}
