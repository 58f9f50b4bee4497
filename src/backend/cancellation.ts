import type { Cancellation, CancelSource, OperationOptions } from "../handler.ts";
import { checkCancellation, checkSignal } from "./checks.ts";

/** Returns the source that reports that the caller of an operation has given up. */
export function cancelSourceOf(options: OperationOptions | undefined): CancelSource | undefined {
  if (options === undefined) return undefined;
  const { cancellation } = options;
  if (cancellation === undefined) {
    checkSignal(options.signal);
    return options.signal;
  }
  checkCancellation(cancellation);
  // A lazily created signal belongs to the cancellation; reading it here would create it.
  if (hasLazySignal(options)) return cancellation;
  const { signal } = options;
  checkSignal(signal);
  return signal === undefined || signal === cancellation.signal ? cancellation : new EitherSource(cancellation, signal);
}

/** Returns the options with their source of cancellation replaced. */
export function withCancellation<Options extends object | undefined>(
  options: Options,
  source: AbortSignal | Cancellation,
): Options {
  const replaced = isCancellation(source)
    ? new PassedOptions(options, source)
    : { ...options, cancellation: undefined, signal: source };
  return replaced as unknown as Options; // both types fit the options of every call
}

/** Returns a copy that is not affected if the caller changes the options later. */
export function copyOptions<Options extends OperationOptions | undefined>(options: Options): Options {
  if (options?.cancellation === undefined || !hasLazySignal(options)) return options && { ...options };
  return withCancellation(options, options.cancellation);
}

/** Options passed on by a decorator. One getter, shared by all instances, creates their `signal` on first access. */
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

  /** Ignores the caller's signal: the cancellation replaces it. */
  set signal(_signal: AbortSignal | undefined) {}
}

/** Checks if `signal` is a getter of the prototype, as in the options of any copy of the package. */
function hasLazySignal(options: OperationOptions): boolean {
  return "signal" in options && !Object.hasOwn(options, "signal");
}

function isCancellation(source: AbortSignal | Cancellation): source is Cancellation {
  return "signal" in source;
}

/** Cancels as soon as either of two sources does. */
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
