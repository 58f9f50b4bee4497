import { type Clock, createSessionManager, type Session, type SessionHandler, type SessionManager } from "sessionwire";
import type { Mutant } from "../kill-table.ts";
import type { CreateManager } from "../session/create-manager.ts";

/** The methods of a handler with a bug. */
export type HandlerBug = (inner: SessionHandler) => Partial<SessionHandler>;

/** The methods of a session with a bug. */
export type SessionBug = (session: Session) => Partial<Session>;

/** Returns correct sessions on a handler with a bug. */
export function below(law: number, bug: string, change: HandlerBug): Mutant<CreateManager> {
  const subject: CreateManager = (options) =>
    createSessionManager({ ...options, handler: { ...options.handler, ...change(options.handler) } });
  return { law, bug, subject };
}

/** Returns sessions with replaced methods. */
export function above(law: number, bug: string, change: SessionBug): Mutant<CreateManager> {
  const tampered = (session: Session) => replacing(session, change(session));
  return managed(law, bug, (sessions) => ({
    create: async (options) => tampered(await sessions.create(options)),
    open: async (id, options) => {
      const session = await sessions.open(id, options);
      return session && tampered(session);
    },
  }));
}

/** Returns managers with replaced methods. */
export function managed(
  law: number,
  bug: string,
  change: (sessions: SessionManager, clock: Clock) => Partial<SessionManager>,
): Mutant<CreateManager> {
  const subject: CreateManager = (options) => {
    const sessions = createSessionManager(options);
    return replacing(sessions, change(sessions, options.clock));
  };
  return { law, bug, subject };
}

/** Returns the same object with some methods replaced; its private members stay its own. */
export function replacing<Target extends object>(target: Target, methods: Partial<Target>): Target {
  return new Proxy(target, {
    get(_, name) {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
