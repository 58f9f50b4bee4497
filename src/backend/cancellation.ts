import type { Cancellation, CancelSource, OperationOptions } from "../handler.ts";
import { checkCancellation, checkSignal } from "./checks.ts";

/** Finds the source that tells that the caller of an operation has given up. */
export function cancelSourceOf(options: OperationOptions | undefined): CancelSource | undefined {
  if (options === undefined) return undefined;
  const { cancellation } = options;
  if (cancellation === undefined) {
    checkSignal(options.signal);
    return options.signal;
  }
  checkCancellation(cancellation);
  // A signal that is made when it is looked at is the cancellation's own, and is not looked at here.
  if (Object.getOwnPropertyDescriptor(options, "signal")?.get) return cancellation;
  const { signal } = options;
  checkSignal(signal);
  return signal === undefined || signal === cancellation.signal ? cancellation : new EitherSource(cancellation, signal);
}

/** The options with another source of cancellation in the place of their own. */
export function withCancellation<Options extends object | undefined>(
  options: Options,
  source: AbortSignal | Cancellation,
): Options {
  const replaced = isCancellation(source)
    ? {
        ...options,
        cancellation: source,
        get signal() {
          return source.signal;
        },
      }
    : { ...options, cancellation: undefined, signal: source };
  return replaced as unknown as Options; // both fit into the options of every call
}

function isCancellation(source: AbortSignal | Cancellation): source is Cancellation {
  return "signal" in source;
}

/** Gives up when the first of two does. */
class EitherSource implements CancelSource {
  readonly #sources: readonly CancelSource[];

  constructor(...sources: readonly CancelSource[]) {
    this.#sources = sources;
  }

  get aborted(): boolean {
    return this.#sources.some(({ aborted }) => aborted);
  }

  get reason(): unknown {
    return this.#sources.find(({ aborted }) => aborted)?.reason;
  }

  addEventListener(type: "abort", listener: () => void): void {
    for (const source of this.#sources) source.addEventListener(type, listener);
  }

  removeEventListener(type: "abort", listener: () => void): void {
    for (const source of this.#sources) source.removeEventListener(type, listener);
  }
}
