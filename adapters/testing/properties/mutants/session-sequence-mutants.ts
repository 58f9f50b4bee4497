import type { Mutant } from "../kill-table.ts";
import type { CreateManager } from "../session/create-manager.ts";
import { above, below, managed, replacing } from "./broken-sessions.ts";
import {
  endedIsCreatedAgain,
  invalidateOnlyDestroys,
  lastSaveReplacesAll,
  oldIdStays,
  saveTakesMessages,
  setIsSeenAfterSave,
} from "./session-bugs.ts";

/**
 * Returns sessions with one bug each, for `sessionSequencesContract`.
 *
 * @public
 */
export function sessionSequenceMutants(): Mutant<CreateManager>[] {
  return [...ofChanges(), ...ofMessages(), ...ofLives(), ...ofIds()];
}

function ofChanges(): Mutant<CreateManager>[] {
  return [
    above(80, "a change is visible only after the save", setIsSeenAfterSave),
    above(80, "discarded changes are still visible", () => ({ discard: () => {} })),
    above(83, "saved changes are saved again", (session) => ({
      async save(options) {
        const isChanged = session.isChanged;
        await session.save(options);
        if (isChanged && !session.hasEnded) session.update("a", (value) => value);
      },
    })),
    below(85, "the last save replaces everything", lastSaveReplacesAll),
    managed(87, "the changes of an update are made twice", (sessions) => ({
      update: (id, change, options) =>
        sessions.update(
          id,
          (draft) => {
            change(draft);
            return change(draft);
          },
          options,
        ),
    })),
    above(143, "an attribute that is set has no end of its own", (session) => ({
      set: (name, value) => session.set(name, value),
    })),
    above(101, "a refresh shows nothing new", (session) => ({ refresh: (options) => session.touch(options) })),
  ];
}

function ofMessages(): Mutant<CreateManager>[] {
  return [
    above(95, "reading the messages removes them", (session) => ({
      get flash() {
        return replacing(session.flash, { peek: (type) => session.flash.take(type) });
      },
    })),
    above(95, "a save takes all messages", saveTakesMessages),
    above(95, "one equal message too many is removed", (session) => ({
      get flash() {
        return replacing(session.flash, {
          remove(type, value) {
            session.flash.remove(type, value);
            session.flash.remove(type, value);
          },
        });
      },
    })),
  ];
}

function ofLives(): Mutant<CreateManager>[] {
  return [
    below(92, "an ended session is created again", endedIsCreatedAgain),
    below(92, "a session lives a second too long", (inner) => ({
      write: (id, data, options) => inner.write(id, data, { ...options, ttlSeconds: options.ttlSeconds + 1 }),
    })),
    managed(92, "ending a session by its id does nothing", () => ({ destroy: async () => {} })),
    above(92, "an ended session reports that it has not ended", () => ({
      get hasEnded() {
        return false;
      },
    })),
    below(94, "a read does not keep a session alive", (inner) => ({
      read: (id, { ttlSeconds, ...options } = {}) => inner.read(id, options),
    })),
    below(94, "a touch does not keep a session alive", (inner) => ({
      touch: async (id) => (await inner.read(id)) !== undefined,
    })),
  ];
}

function ofIds(): Mutant<CreateManager>[] {
  return [
    above(96, "a session keeps its id", () => ({ regenerate: async () => {} })),
    below(96, "the old id stays after the session has moved", oldIdStays),
    above(96, "a new id gets half of the data", (session) => ({
      regenerate(options) {
        session.delete("a");
        return session.regenerate(options);
      },
    })),
    above(96, "there is no grace period", (session) => ({ regenerate: () => session.regenerate() })),
    above(96, "a grace period is a second longer", (session) => ({
      regenerate: ({ graceSeconds = 0, ...options } = {}) =>
        session.regenerate({ ...options, graceSeconds: graceSeconds && graceSeconds + 1 }),
    })),
    above(98, "an invalidated session is ended and nothing more", invalidateOnlyDestroys),
    above(98, "an invalidated session keeps its content", (session) => ({
      async invalidate(options) {
        const value = session.get("a");
        await session.invalidate(options);
        if (value !== undefined) session.set("a", value);
      },
    })),
    above(98, "an invalidated session is not ended", (session) => ({
      async invalidate(options) {
        if (session.isNew || session.isReadOnly || session.hasEnded) return session.invalidate(options);
        await session.regenerate(options);
        for (const name of session.names()) session.delete(name);
      },
    })),
  ];
}
