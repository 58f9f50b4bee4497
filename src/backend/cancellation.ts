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
  if (hasLazySignal(options)) return cancellation;
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
    ? new PassedOptions(options, source)
    : { ...options, cancellation: undefined, signal: source };
  return replaced as unknown as Options; // both fit into the options of every call
}

/** A copy that is as it was when the caller changes the options later. */
export function copyOptions<Options extends OperationOptions | undefined>(options: Options): Options {
  if (options?.cancellation === undefined || !hasLazySignal(options)) return options && { ...options };
  return withCancellation(options, options.cancellation);
}

/** Options that are passed on. Their `signal` is made when it is looked at, by one getter for all. */
class PassedOptions implements OperationOptions {
  cancellation: Cancellation;

  constructor(options: object | undefined, cancellation: Cancellation) {
    this.cancellation = cancellation;
    Object.assign(this, options);
    this.cancellation = cancellation;
  }

  get signal(): AbortSignal {
    return this.cancellation.signal;
  }

  /** That of the caller is left out: the cancellation takes its place. */
  set signal(_signal: AbortSignal | undefined) {}
}

/** The options of another copy of the package have it likewise. */
function hasLazySignal(options: OperationOptions): boolean {
  return "signal" in options && !Object.hasOwn(options, "signal");
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
