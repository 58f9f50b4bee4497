import { isSessionError } from "sessionwire";
import { errorWithOutcome } from "sessionwire/backend";
import type { Mutant } from "../kill-table.ts";
import type { CreateManager } from "../session/create-manager.ts";
import { below } from "./broken-sessions.ts";
import { endedIsCreatedAgain, lastSaveReplacesAll, oldIdStays } from "./session-bugs.ts";

/** Returns correct sessions on a handler with a bug. */
export function sessionHandlerMutants(): Mutant<CreateManager>[] {
  return [
    below(85, "the last save replaces everything", lastSaveReplacesAll),
    below(85, "a conflict is overwritten", (inner) => ({
      async write(id, data, options) {
        const result = await inner.write(id, data, options);
        if (result.written || !result.current) return result;
        return inner.write(id, data, { ...options, replaces: result.current.version });
      },
    })),
    below(34, "a lost call is taken for not applied", (inner) => ({
      write: (id, data, options) => inner.write(id, data, options).catch((error) => Promise.reject(refused(error))),
    })),
    below(85, "a lost call is taken for applied", (inner) => ({
      write: (id, data, options) =>
        inner.write(id, data, options).catch(async (error) => {
          const current = isSessionError(error) && error.outcome === "unknown" ? await inner.read(id) : undefined;
          if (!current) throw error;
          return { written: true, version: current.version };
        }),
    })),
    below(92, "an ended session is created again", endedIsCreatedAgain),
    below(96, "nothing is ever ended", (inner) => ({
      destroy: async (id) => ((await inner.read(id)) ? { destroyed: true } : { destroyed: false, current: undefined }),
    })),
    below(94, "a failed read is no session", (inner) => ({
      read: (id, options) => inner.read(id, options).catch(() => undefined),
    })),
    below(96, "the old id stays after the session has moved", oldIdStays),
    below(97, "a destroy by the old id is reported as done after a move", (inner) => ({
      async destroy(id, options) {
        const result = await inner.destroy(id, options);
        return options?.replaces && !result.destroyed && !result.current ? { destroyed: true } : result;
      },
    })),
    below(38, "a refused write is never answered", (inner) => ({
      async write(id, data, options) {
        const result = await inner.write(id, data, options);
        return result.written ? result : new Promise(() => {});
      },
    })),
    below(33, "errors are not those of the package", (inner) => ({
      write: (id, data, options) =>
        inner.write(id, data, options).catch(() => {
          throw new TypeError("fetch failed");
        }),
    })),
  ];
}

function refused(error: unknown): unknown {
  if (!isSessionError(error)) return error;
  return errorWithOutcome(error, "not-applied");
}
