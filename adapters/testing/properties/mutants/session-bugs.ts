import type { HandlerBug, SessionBug } from "./broken-sessions.ts";

/** Makes the last save replace everything. */
export const lastSaveReplacesAll: HandlerBug = (inner) => ({
  async write(id, data, options) {
    const current = options.replaces && (await inner.read(id));
    return inner.write(id, data, current ? { ...options, replaces: current.version } : options);
  },
});

/** Creates an ended session again. */
export const endedIsCreatedAgain: HandlerBug = (inner) => ({
  async write(id, data, options) {
    const result = await inner.write(id, data, options);
    if (result.written || result.current || !options.replaces) return result;
    return inner.write(id, data, { ...options, replaces: undefined });
  },
});

/** Keeps the old id after the session has moved. */
export const oldIdStays: HandlerBug = (inner) => ({
  destroy: async (id, options) => (options?.replaces === undefined ? inner.destroy(id) : { destroyed: true }),
});

/** Shows a change only after the save. */
export const setIsSeenAfterSave: SessionBug = (session) => {
  const waiting: [string, unknown][] = [];
  return {
    set: (name, value) => void waiting.push([name, value]),
    async save(options) {
      for (const [name, value] of waiting.splice(0)) session.set(name, value);
      return session.save(options);
    },
  };
};

/** Makes a save take all messages. */
export const saveTakesMessages: SessionBug = (session) => ({
  save(options) {
    session.flash.take("message");
    return session.save(options);
  },
});

/** Makes invalidate end the session and nothing more. */
export const invalidateOnlyDestroys: SessionBug = (session) => ({
  invalidate: (options) => session.destroy(options),
});
