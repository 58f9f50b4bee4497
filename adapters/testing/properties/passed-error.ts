import { isSessionError } from "sessionwire";
import { holds } from "./contract.ts";

/** An error of the handler inside comes out: one of the package as it is, one of somebody else with one of the package around it. */
export function expectPassedError(call: string, error: unknown, thrown: unknown, changes: boolean): void {
  if (isSessionError(thrown)) {
    holds(109, error === thrown, `An error of the package came out of ${call} as ${String(error)}`);
    return;
  }
  const isWrapped = isSessionError(error) && error.cause === thrown;
  holds(109, isWrapped, `An error of somebody else came out of ${call} without one of the package around it`);
  holds(34, !changes || (isWrapped && error.outcome === "unknown"), `${call} knows more than it can`);
}
