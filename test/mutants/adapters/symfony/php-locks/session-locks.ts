import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "of changes of one session in one process",
    bug: "callers of one process wait for each other in the store",
    from: "if (turn.comes) ",
    to: "if (turn.comes === null) ",
  },
  {
    breaks: "of changes of one session in one process",
    bug: "the turn never ends",
    from: "      turn.leave();\n",
    to: "",
  },
  {
    breaks: "a change that waits asks often at first",
    bug: "a store is asked without a pause to speak of",
    from: "Math.min(2 * pauseMs, MAX_PAUSE_MS)",
    to: "pauseMs",
  },
  {
    breaks: "a change that PHP keeps waiting for too long",
    bug: "the outcome of a change that was not sent is unknown",
    from: 'new SessionError("timeout", message, { outcome: "not-applied" })',
    to: 'new SessionError("timeout", message, { outcome: "unknown" })',
  },
  {
    breaks: "the lock is released when the change",
    bug: "the lock is left",
    from: "        await lock.release();\n",
    to: "",
  },
  {
    breaks: "a caller who gives up while waiting",
    bug: "a close leaves a timer",
    from: "    this.#waits.close();\n",
    to: "",
  },
  {
    breaks: "a close ends the calls under way",
    bug: "a close waits for a store that does not answer",
    from: "await new CancellableWaits(this.#times.clock).wait(RELEASE_MS, undefined, released)",
    to: "await released",
  },
  {
    breaks: "if the lock cannot be taken",
    bug: "the outcome is that of the lock",
    from: 'errorWithOutcome(error, "not-applied")',
    to: "error",
  },
  {
    breaks: 149,
    bug: "a lock whose creation was not confirmed is left",
    from: "void this.#removeIfCreated(lockKey, value)",
    to: "undefined",
  },
  {
    breaks: "a lock whose creation was not confirmed",
    bug: "the lock of PHP is removed",
    from: "!found || !areSameBytes(found.data, value)",
    to: "!found",
  },
  {
    breaks: "a change is not sent when most",
    bug: "a change is made although its lock may have ended",
    from: "lock && this.#isFresh(lock)",
    to: "lock",
  },
  {
    breaks: "a change is not sent when most",
    bug: "a lock that is too old stays in the way of the next",
    from: "      await lock?.release();\n",
    to: "",
  },
  { breaks: "no two locks have the same content", bug: "locks are alike", from: "randomText(15)", to: "1" },
];
