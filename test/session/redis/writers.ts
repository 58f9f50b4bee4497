import type { SessionManager } from "sessionwire";

/** Attributes by the name of whoever counts in them. */
export type Counts = Record<string, number>;

/** Adds 1 to an attribute so many times, in one of the ways in which an application changes a session. */
export type Writer = (sessions: SessionManager<Counts>, id: string, name: string, times: number) => Promise<void>;

export const writers = {
  /** Opens the session once and keeps it, as a socket does. */
  async kept(sessions, id, name, times) {
    const session = await present(sessions.open(id));
    for (let n = 0; n < times; n++) {
      session.set(name, (session.get(name) ?? 0) + 1);
      await session.save();
    }
  },

  /** Opens it each time, as a request does. */
  async reopened(sessions, id, name, times) {
    for (let n = 0; n < times; n++) {
      const session = await present(sessions.open(id));
      session.set(name, (session.get(name) ?? 0) + 1);
      await session.save();
    }
  },

  async updated(sessions, id, name, times) {
    for (let n = 0; n < times; n++) {
      await sessions.update(id, (draft) => draft.set(name, (draft.get(name) ?? 0) + 1));
    }
  },
} as const satisfies Record<string, Writer>;

export type Way = keyof typeof writers;

export async function present<T>(found: Promise<T | undefined>): Promise<T> {
  const value = await found;
  if (value === undefined) throw new Error("There is no such session.");
  return value;
}
