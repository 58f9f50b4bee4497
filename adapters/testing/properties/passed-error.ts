import { isSessionError } from "sessionwire";
import { holds } from "./contract.ts";

/**
 * Checks that an error of the inner handler reaches the caller: an error of the package unchanged, a foreign one
 * wrapped in one of the package.
 */
export function expectPassedError(call: string, error: unknown, thrown: unknown, changes: boolean): void {
  if (isSessionError(thrown)) {
    holds(109, error === thrown, `An error of the package came out of ${call} as ${String(error)}`);
    return;
  }
  const isWrapped = isSessionError(error) && error.cause === thrown;
  holds(109, isWrapped, `A foreign error came out of ${call} without being wrapped`);
  holds(34, !changes || (isWrapped && error.outcome === "unknown"), `${call} states more than it can know`);
}
