import { isId } from "../backend/call-checks.ts";
import { safeCause } from "../backend/safe-cause.ts";
import { isSessionError, type Outcome, replaceOutcome, SessionError } from "../errors.ts";
import type { KeyHooks } from "./hooks.ts";

/** Returns the id to pass on. A failure has the outcome, if there is one. */
export type KeyMapping = (id: string, outcome?: Outcome) => string;

/** Returns the mapping of the `key` hook. Without one, ids are passed on unchanged. */
export function keyMapping(hooks: Partial<KeyHooks>): KeyMapping {
  const { key: keyOf } = hooks;
  if (!keyOf) return (id) => id;
  return (id, outcome) => {
    let key: unknown;
    try {
      key = keyOf.call(hooks, id);
    } catch (error) {
      throw failureOf(error, outcome);
    }
    if (isId(key)) return key;
    throw new SessionError("failed", "The decorator has returned a key that is not a valid id.", { outcome });
  };
}

/** Replaces foreign errors, whose messages may repeat the id. */
function failureOf(error: unknown, outcome: Outcome | undefined): unknown {
  if (isSessionError(error)) return outcome ? replaceOutcome(error, outcome) : error;
  const cause = safeCause(error);
  return new SessionError("failed", "The key of the session could not be determined.", { cause, outcome });
}
