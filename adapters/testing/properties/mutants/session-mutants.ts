import { isSessionError } from "sessionwire";
import { errorWithOutcome } from "sessionwire/backend";
import type { Mutant } from "../kill-table.ts";
import type { CreateManager } from "../session/world.ts";
import { above, below, managed } from "./broken-sessions.ts";
import {
  endedIsCreatedAgain,
  invalidateOnlyDestroys,
  lastSaveReplacesAll,
  oldIdStays,
  saveTakesMessages,
  setIsSeenAfterSave,
} from "./session-bugs.ts";

/**
 * Sessions with one bug each, for `sessionContract`: the right ones on a handler with a bug, or with a method replaced.
 *
 * @public
 */
export function sessionMutants(): Mutant<CreateManager>[] {
  return [...ofHandlers(), ...ofSessions(), ...ofManagers()];
}

function ofHandlers(): Mutant<CreateManager>[] {
  return [
    below(85, "whoever saves last replaces everything", lastSaveReplacesAll),
    below(85, "a conflict is written over", (inner) => ({
      async write(id, data, options) {
        const result = await inner.write(id, data, options);
        if (result.written || !result.current) return result;
        return inner.write(id, data, { ...options, replaces: result.current.version });
      },
    })),
    below(34, "what was lost on the way is taken for not applied", (inner) => ({
      write: (id, data, options) => inner.write(id, data, options).catch((error) => Promise.reject(refused(error))),
    })),
    below(85, "what was lost on the way is taken for applied", (inner) => ({
      write: (id, data, options) =>
        inner.write(id, data, options).catch(async (error) => {
          const current = isSessionError(error) && error.outcome === "unknown" ? await inner.read(id) : undefined;
          if (!current) throw error;
          return { written: true, version: current.version };
        }),
    })),
    below(92, "a session that has ended is created again", endedIsCreatedAgain),
    below(96, "nothing is ever ended", (inner) => ({
      destroy: async (id) => ((await inner.read(id)) ? { destroyed: true } : { destroyed: false, current: undefined }),
    })),
    below(94, "a failed read is no session", (inner) => ({
      read: (id, options) => inner.read(id, options).catch(() => undefined),
    })),
    below(96, "the old id stays when the session has moved", oldIdStays),
    below(97, "whoever ends what has moved has ended it", (inner) => ({
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

function ofSessions(): Mutant<CreateManager>[] {
  return [
    above(80, "a change is seen after the save only", setIsSeenAfterSave),
    above(83, "a save that failed is a success", (session) => ({
      save: (options) => session.save(options).catch(() => {}),
    })),
    above(80, "a deletion is an empty text", (session) => ({ delete: (name) => session.set(name, "") })),
    above(82, "a save without changes looks at the session", (session) => ({
      async save(options) {
        if (!session.isChanged) await session.refresh().catch(() => {});
        return session.save(options);
      },
    })),
    above(82, "a save without changes writes what there is", (session) => ({
      async save(options) {
        if (!session.isChanged && !session.hasEnded && !session.isReadOnly) session.update("list", (list) => list);
        return session.save(options);
      },
    })),
    above(83, "what was changed is saved once more", (session) => ({
      async save(options) {
        const isChanged = session.isChanged;
        await session.save(options);
        if (isChanged && !session.hasEnded) session.update("list", (list) => list);
      },
    })),
    above(86, "what was deleted is put back by the save", (session) => {
      const deleted: [string, unknown][] = [];
      return {
        delete(name) {
          const value = session.get(name);
          session.delete(name);
          if (value !== undefined) deleted.push([name, value]);
        },
        async save(options) {
          await session.save(options);
          if (deleted.length === 0 || session.hasEnded) return;
          for (const [name, value] of deleted.splice(0)) session.set(name, value);
          await session.save(options);
        },
      };
    }),
    above(88, "changes are forgotten when somebody is faster again and again", (session) => ({
      save: (options) =>
        session.save(options).catch((error) => {
          if (isSessionError(error) && error.code === "conflict") session.discard();
          throw error;
        }),
    })),
    above(89, "a save that failed forgets the changes", (session) => ({
      save: (options) =>
        session.save(options).catch((error) => {
          session.discard();
          throw error;
        }),
    })),
    above(87, "a save that failed is made anew", (session) => ({
      async save(options) {
        const list = session.get("list");
        await session.save(options).catch(async (error) => {
          if (!session.isChanged) throw error;
          session.discard();
          await session.refresh();
          session.set("list", list);
          return session.save(options);
        });
      },
    })),
    above(90, "what is changed during a save is forgotten", (session) => {
      let running = 0;
      let isChangedMeanwhile = false;
      return {
        set(name, value) {
          isChangedMeanwhile ||= running > 0;
          session.set(name, value);
        },
        async save(options) {
          running += 1;
          await session.save(options).finally(() => {
            running -= 1;
          });
          if (isChangedMeanwhile) session.discard();
          isChangedMeanwhile = false;
        },
      };
    }),
    above(91, "what is unknown once stays unknown", (session) => {
      let unknown: unknown;
      return {
        get isChanged() {
          return unknown !== undefined || session.isChanged;
        },
        async save(options) {
          if (unknown) throw unknown;
          return session.save(options).catch((error) => {
            if (isSessionError(error) && error.outcome === "unknown") unknown = error;
            throw error;
          });
        },
      };
    }),
    above(95, "a save takes all messages", saveTakesMessages),
    above(96, "a new id is given to half of what there is", (session) => ({
      regenerate(options) {
        session.delete("list");
        return session.regenerate(options);
      },
    })),
    above(96, "a session keeps its id", () => ({ regenerate: async () => {} })),
    above(92, "a session that is gone was saved", (session) => ({
      save: (options) =>
        session.save(options).catch((error) => {
          if (!isSessionError(error) || error.code !== "gone") throw error;
        }),
    })),
    above(34, "a discarded change is saved", (session) => ({ discard: () => void session.save().catch(() => {}) })),
    above(71, "a rejection is left alone", (session) => ({
      save(options) {
        const saving = session.save(options);
        saving.then(() => {});
        return saving;
      },
    })),
    above(98, "a session that is invalidated is ended and nothing more", invalidateOnlyDestroys),
    above(98, "a session that is invalidated keeps what is in it", (session) => ({
      async invalidate(options) {
        const list = session.get("list");
        await session.invalidate(options);
        session.set("list", list ?? []);
      },
    })),
    above(101, "a refresh shows nothing new", () => ({ refresh: async () => {} })),
    above(101, "a refresh shows what is new when something was changed", (session) => ({
      refresh: async (options) => (session.isChanged ? session.refresh(options) : undefined),
    })),
  ];
}

function ofManagers(): Mutant<CreateManager>[] {
  return [
    managed(92, "ending a session by its id does nothing", () => ({ destroy: async () => {} })),
    managed(82, "an update that changes nothing writes", (sessions) => ({
      update: (id, change, options) =>
        sessions.update(
          id,
          (draft) => {
            draft.update("list", (list) => list);
            return change(draft);
          },
          options,
        ),
    })),
    managed(85, "an update is shown what an update before it has left", (sessions) => {
      const shown = new Map<string, unknown>();
      return {
        async update(id, change, options) {
          const isKnown = shown.has(id);
          return sessions.update(
            id,
            (draft) => {
              if (isKnown) draft.set("list", shown.get(id) ?? []);
              const result = change(draft);
              shown.set(id, draft.get("list"));
              return result;
            },
            options,
          );
        },
      };
    }),
    managed(91, "half of what an update does is stored later", (sessions) => ({
      async update(id, change, options) {
        let later: unknown;
        const result = await sessions.update(
          id,
          (draft) => {
            const before = draft.get("twin") ?? [];
            const result = change(draft);
            later = draft.get("twin") ?? [];
            draft.set("twin", before);
            return result;
          },
          options,
        );
        await sessions.update(id, (draft) => draft.set("twin", later));
        return result;
      },
    })),
    managed(87, "an update that was not answered is made once more", (sessions) => ({
      update: (id, change, options) =>
        sessions.update(id, change, options).catch((error) => {
          if (isSessionError(error) && error.outcome === "unknown") return sessions.update(id, change);
          throw error;
        }),
    })),
    managed(34, "an update whose function has thrown leaves what it had changed", (sessions) => ({
      async update(id, change, options) {
        const results: unknown[] = [];
        const result = await sessions.update(
          id,
          (draft) => {
            try {
              return change(draft);
            } catch (error) {
              results.push(error);
              return undefined as never; // it is not handed out
            }
          },
          options,
        );
        if (results.length > 0) throw results[0];
        return result;
      },
    })),
    managed(70, "a timer of three seconds is left by every update", (sessions, clock) => ({
      update(id, change, options) {
        clock.schedule(() => {}, 3000);
        return sessions.update(id, change, options);
      },
    })),
    managed(70, "a timer is left by the close", (sessions, clock) => ({
      async close() {
        await sessions.close();
        clock.schedule(() => {}, 100);
      },
    })),
  ];
}

function refused(error: unknown): unknown {
  if (!isSessionError(error)) return error;
  return errorWithOutcome(error, "not-applied");
}
