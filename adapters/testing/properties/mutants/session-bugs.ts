import type { HandlerBug, SessionBug } from "./broken-sessions.ts";

/** The last to save replaces everything. */
export const lastSaveReplacesAll: HandlerBug = (inner) => ({
  async write(id, data, options) {
    const current = options.replaces && (await inner.read(id));
    return inner.write(id, data, current ? { ...options, replaces: current.version } : options);
  },
});

/** A session that has ended is created again. */
export const endedIsCreatedAgain: HandlerBug = (inner) => ({
  async write(id, data, options) {
    const result = await inner.write(id, data, options);
    if (result.written || result.current || !options.replaces) return result;
    return inner.write(id, data, { ...options, replaces: undefined });
  },
});

/** The old id stays when the session has moved. */
export const oldIdStays: HandlerBug = (inner) => ({
  destroy: async (id, options) => (options?.replaces === undefined ? inner.destroy(id) : { destroyed: true }),
});

/** A change is seen after the save only. */
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

/** A save takes all messages. */
export const saveTakesMessages: SessionBug = (session) => ({
  save(options) {
    session.flash.take("message");
    return session.save(options);
  },
});

/** A session that is invalidated is ended and nothing more. */
export const invalidateOnlyDestroys: SessionBug = (session) => ({
  invalidate: (options) => session.destroy(options),
});
