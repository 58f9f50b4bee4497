import type { SessionErrorCode } from "../../errors.ts";

/**
 * Returns the code for an error of a policy itself. Those of cockatiel have a property that names their kind
 * (https://github.com/connor4312/cockatiel/tree/master/src/errors).
 */
export function codeOf(error: unknown, hasRun: boolean): SessionErrorCode {
  if (hasFlag(error, "isBrokenCircuitError")) return "unavailable";
  if (hasFlag(error, "isTaskCancelledError")) return "timeout";
  return hasRun ? "failed" : "overloaded";
}

export function messageOf(code: SessionErrorCode): string {
  return messages[code] ?? "The policy failed in an unexpected way.";
}

const messages: Partial<Record<SessionErrorCode, string>> = {
  unavailable: "The circuit is open.",
  timeout: "The policy has ended the operation.",
  overloaded: "The policy has refused the operation.",
};

function hasFlag(error: unknown, flag: string): boolean {
  return typeof error === "object" && error !== null && Reflect.get(error, flag) === true;
}
