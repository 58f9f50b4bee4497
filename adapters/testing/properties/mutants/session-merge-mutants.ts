import type { Mutant } from "../kill-table.ts";
import type { CreateManager } from "../session/create-manager.ts";
import { above, below } from "./broken-sessions.ts";
import { lastSaveReplacesAll } from "./session-bugs.ts";

/**
 * Returns sessions with one bug each, for `sessionMergeContract`.
 *
 * @public
 */
export function sessionMergeMutants(): Mutant<CreateManager>[] {
  return [
    above(82, "a save without changes writes the stored data", (session) => ({
      async save(options) {
        if (!session.isChanged) session.set("known", true);
        return session.save(options);
      },
    })),
    above(82, "a discarded change remains as a change of nothing", (session) => ({
      discard() {
        session.discard();
        session.delete("known");
        session.set("known", true);
      },
    })),
    above(85, "a save shows the state at the time of opening", (session) => {
      const seen = new Map(session.names().map((name) => [name, session.copy(name)]));
      return { copy: (name) => (seen.has(name) && !session.isChanged ? seen.get(name) : session.copy(name)) };
    }),
    below(100, "the last save replaces everything", lastSaveReplacesAll),
    below(100, "a late save is taken for stored", (inner) => ({
      async write(id, data, options) {
        const result = await inner.write(id, data, options);
        return result.written || !result.current ? result : { written: true, version: result.current.version };
      },
    })),
    above(100, "only the first result of a function is kept", (session) => ({
      update(name, change) {
        const value = change(session.copy(name) as never); // as the application declares it
        session.set(name, value);
        return value;
      },
    })),
    above(100, "a discarded change is saved", () => ({ discard: () => {} })),
    above(100, "a save takes the messages of all others", (session) => ({
      async save(options) {
        const own = session.flash.types();
        await session.save(options);
        for (const type of session.flash.types()) if (!own.includes(type)) session.flash.take(type);
        await session.save(options);
      },
    })),
  ];
}
