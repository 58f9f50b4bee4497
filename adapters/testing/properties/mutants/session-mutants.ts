import {
  createSessionManager,
  errorWithOutcome,
  isSessionError,
  type Session,
  type SessionHandler,
  type SessionManager,
} from "sessionwire";
import type { Mutant } from "../kill-table.ts";
import type { CreateManager } from "../session.ts";

/**
 * Sessions with one bug each, for `sessionContract`: the right ones on a handler with a bug, or with a method replaced.
 *
 * @public
 */
export function sessionMutants(): Mutant<CreateManager>[] {
  return [...ofHandlers(), ...ofSessions()];
}

function ofHandlers(): Mutant<CreateManager>[] {
  return [
    below(85, "whoever saves last replaces everything", (inner) => ({
      async write(id, data, options) {
        const current = options.replaces && (await inner.read(id));
        return inner.write(id, data, current ? { ...options, replaces: current.version } : options);
      },
    })),
    below(85, "a conflict is written over", (inner) => ({
      async write(id, data, options) {
        const result = await inner.write(id, data, options);
        if (result.written || !result.current) return result;
        return inner.write(id, data, { ...options, replaces: result.current.version });
      },
    })),
    below(87, "what was lost on the way is taken for not applied", (inner) => ({
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
    below(92, "a session that has ended is created again", (inner) => ({
      async write(id, data, options) {
        const result = await inner.write(id, data, options);
        if (result.written || result.current || !options.replaces) return result;
        return inner.write(id, data, { ...options, replaces: undefined });
      },
    })),
    below(92, "ending a session does nothing", (inner) => ({
      destroy: async (id) => ((await inner.read(id)) ? { destroyed: true } : { destroyed: false, current: undefined }),
    })),
    below(94, "a failed read is no session", (inner) => ({
      read: (id, options) => inner.read(id, options).catch(() => undefined),
    })),
    below(96, "the old id stays when the session has moved", (inner) => ({
      destroy: async (id, options) => (options?.replaces === undefined ? inner.destroy(id) : { destroyed: true }),
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
    above(80, "a change is seen after the save only", (session) => {
      const waiting: [string, unknown][] = [];
      return {
        set: (name, value) => void waiting.push([name, value]),
        async save(options) {
          for (const [name, value] of waiting.splice(0)) session.set(name, value);
          return session.save(options);
        },
      };
    }),
    above(83, "a save that failed is a success", (session) => ({
      save: (options) => session.save(options).catch(() => {}),
    })),
    above(86, "a deletion is an empty text", (session) => ({ delete: (name) => session.set(name, "") })),
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
    above(95, "a save takes all messages", (session) => ({
      save(options) {
        session.flash.take("message");
        return session.save(options);
      },
    })),
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
  ];
}

function refused(error: unknown): unknown {
  if (!isSessionError(error)) return error;
  return errorWithOutcome(error, "not-applied");
}

function below(
  law: number,
  bug: string,
  change: (inner: SessionHandler) => Partial<SessionHandler>,
): Mutant<CreateManager> {
  const subject: CreateManager = ({ handler, clock }) =>
    createSessionManager({ handler: { ...handler, ...change(handler) }, clock });
  return { law, bug, subject };
}

function above(law: number, bug: string, change: (session: Session) => Partial<Session>): Mutant<CreateManager> {
  const tampered = (session: Session) => replacing(session, change(session));
  const subject: CreateManager = (options) => {
    const sessions = createSessionManager(options);
    const changes: Partial<SessionManager> = {
      open: async (id, options) => {
        const session = await sessions.open(id, options);
        return session && tampered(session);
      },
    };
    return replacing(sessions, changes);
  };
  return { law, bug, subject };
}

/** The same object with some of its methods replaced; its private parts stay its own. */
function replacing<Target extends object>(target: Target, methods: Partial<Target>): Target {
  return new Proxy(target, {
    get(_, name) {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
