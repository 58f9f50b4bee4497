import { isSessionError } from "sessionwire";
import type { Mutant } from "../kill-table.ts";
import type { CreateManager } from "../session/create-manager.ts";
import { above } from "./broken-sessions.ts";
import { invalidateOnlyDestroys, saveTakesMessages, setIsSeenAfterSave } from "./session-bugs.ts";

/** Returns sessions with a replaced method. */
export function sessionObjectMutants(): Mutant<CreateManager>[] {
  return [
    above(80, "a change is visible only after the save", setIsSeenAfterSave),
    above(83, "a failed save is a success", (session) => ({
      save: (options) => session.save(options).catch(() => {}),
    })),
    above(80, "a deletion is an empty text", (session) => ({ delete: (name) => session.set(name, "") })),
    above(82, "a save without changes reads the session", (session) => ({
      async save(options) {
        if (!session.isChanged) await session.refresh().catch(() => {});
        return session.save(options);
      },
    })),
    above(82, "a save without changes writes the stored data", (session) => ({
      async save(options) {
        if (!session.isChanged && !session.hasEnded && !session.isReadOnly) session.update("list", (list) => list);
        return session.save(options);
      },
    })),
    above(83, "saved changes are saved again", (session) => ({
      async save(options) {
        const isChanged = session.isChanged;
        await session.save(options);
        if (isChanged && !session.hasEnded) session.update("list", (list) => list);
      },
    })),
    above(86, "a save restores deleted attributes", (session) => {
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
    above(88, "changes are lost after repeated conflicts", (session) => ({
      save: (options) =>
        session.save(options).catch((error) => {
          if (isSessionError(error) && error.code === "conflict") session.discard();
          throw error;
        }),
    })),
    above(89, "a failed save loses the changes", (session) => ({
      save: (options) =>
        session.save(options).catch((error) => {
          session.discard();
          throw error;
        }),
    })),
    above(87, "a failed save is repeated as a new one", (session) => ({
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
    above(90, "changes during a save are lost", (session) => {
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
    above(91, "an unknown outcome stays unknown", (session) => {
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
    above(96, "a new id gets half of the data", (session) => ({
      regenerate(options) {
        session.delete("list");
        return session.regenerate(options);
      },
    })),
    above(96, "a session keeps its id", () => ({ regenerate: async () => {} })),
    above(92, "a save of an ended session succeeds", (session) => ({
      save: (options) =>
        session.save(options).catch((error) => {
          if (!isSessionError(error) || error.code !== "gone") throw error;
        }),
    })),
    above(34, "a discarded change is saved", (session) => ({ discard: () => void session.save().catch(() => {}) })),
    above(71, "a rejection goes unhandled", (session) => ({
      save(options) {
        const saving = session.save(options);
        saving.then(() => {});
        return saving;
      },
    })),
    above(98, "an invalidated session is ended and nothing more", invalidateOnlyDestroys),
    above(98, "an invalidated session keeps its content", (session) => ({
      async invalidate(options) {
        const list = session.get("list");
        await session.invalidate(options);
        session.set("list", list ?? []);
      },
    })),
    above(101, "a refresh shows nothing new", () => ({ refresh: async () => {} })),
    above(101, "a refresh shows new data only after a change", (session) => ({
      refresh: async (options) => (session.isChanged ? session.refresh(options) : undefined),
    })),
  ];
}
