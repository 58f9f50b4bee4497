import { isSessionError, type SessionError, type SessionErrorCode } from "../../errors.ts";
import type { Operation } from "../operation.ts";

/** The kinds of failures that may pass by themselves. */
const passing: readonly SessionErrorCode[] = ["unavailable", "timeout", "overloaded", "read-only"];

/** Checks if a failed operation may be repeated: it had no effect, and the failure may pass by itself. */
export function isRetriable(error: unknown, { changes }: Operation): error is SessionError {
  if (!isSessionError(error) || !passing.includes(error.code)) return false;
  return !changes || error.outcome === "not-applied";
}
