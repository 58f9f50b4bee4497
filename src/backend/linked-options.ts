import type { Abortion, RunningCall } from "./call.ts";
import { checkSignal } from "./checks.ts";

/**
 * Marks options that lead on a call. A handler of this package finds the call itself and watches it; for any other one
 * there is a `signal`, which is made when it is looked at.
 */
const link: unique symbol = Symbol("call");

interface Abortable {
  readonly signal?: AbortSignal | undefined;
  readonly [link]?: RunningCall;
}

/** The options with a call in the place of their signal. */
export function linkOptions<Options extends object | undefined>(options: Options, call: RunningCall): Options {
  const linked = {
    ...options,
    get signal() {
      return call.signal;
    },
    [link]: call,
  };
  return linked as unknown as Options; // a signal fits into the options of every call
}

/** What tells that the caller has given up. */
export function abortionOf(options: Abortable | undefined): Abortion | undefined {
  const call = options?.[link];
  if (call) return call;
  checkSignal(options?.signal);
  return options?.signal;
}
