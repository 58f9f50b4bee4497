import type {
  NetworkedSessionHandler,
  SessionErrorCode,
  SessionFormat,
  SessionHandler,
  SessionManager,
  SessionManagerOptions,
} from "sessionwire";
import { createVirtualClock, type VirtualClock } from "sessionwire/testing";

/** The parts of the package that a law of sessions is checked on: the real ones, or deliberately broken ones. */
export type SessionSubject = Pick<
  typeof import("sessionwire"),
  "createSessionManager" | "nativeFormat" | "expressFormat" | "SessionError"
> &
  Pick<typeof import("sessionwire/memory"), "createMemoryHandler"> &
  Pick<typeof import("sessionwire/express"), "createExpressStore">;

export type FormatName = "native" | "express";

export type Method = "read" | "write" | "touch" | "destroy" | "reconnect";

/** What becomes of one call: it is carried out by `apply`, or not, and answered. */
export type Fate = (apply: () => Promise<unknown>) => Promise<unknown>;

/** A handler on which a test says what becomes of single calls. All others are carried out. */
export interface Stage extends NetworkedSessionHandler {
  /** What was asked of it, in order. */
  readonly calls: { readonly method: Method; readonly key: string; readonly ttlSeconds?: number | undefined }[];
  /** The fate of the next call of this method, or of so many. */
  next(method: Method, fate: Fate, times?: number): void;
  /** Keeps the next call of this method until it is released. */
  hold(method: Method): HeldCall;
  /** How often a method was called. */
  count(method: Method): number;
  readonly isClosed: boolean;
}

export interface HeldCall {
  /** Resolves when the call is there. */
  readonly arrived: Promise<void>;
  /** Lets it go on to its fate; else it is carried out. */
  release(fate?: Fate): void;
}

export function createStage(store: SessionHandler): Stage {
  const fates = new Map<Method, Fate[]>();
  const calls: { method: Method; key: string; ttlSeconds?: number | undefined }[] = [];

  async function act<T>(
    call: { method: Method; key: string; ttlSeconds?: number | undefined },
    apply: () => Promise<T>,
  ): Promise<T> {
    calls.push(call);
    const fate = fates.get(call.method)?.shift();
    return fate === undefined ? apply() : ((await fate(apply)) as T); // what it answers is the test's affair
  }

  const stage = {
    calls,
    isClosed: false as boolean,
    next(method: Method, fate: Fate, times = 1) {
      const queue = fates.get(method) ?? [];
      fates.set(method, [...queue, ...Array.from({ length: times }, () => fate)]);
    },
    hold(method: Method): HeldCall {
      const arrival = gate<void>();
      const exit = gate<Fate>();
      stage.next(method, async (apply) => {
        arrival.open();
        return (await exit.opened)(apply);
      });
      return { arrived: arrival.opened, release: (fate = (apply) => apply()) => exit.open(fate) };
    },
    count: (method: Method) => calls.filter((call) => call.method === method).length,
    read: (key, options) =>
      act({ method: "read", key, ttlSeconds: options?.ttlSeconds }, () => store.read(key, options)),
    write: (key, data, options) =>
      act({ method: "write", key, ttlSeconds: options.ttlSeconds }, () => store.write(key, data, options)),
    touch: (key, ttlSeconds, options) =>
      act({ method: "touch", key, ttlSeconds }, () => store.touch(key, ttlSeconds, options)),
    destroy: (key, options) => act({ method: "destroy", key }, () => store.destroy(key, options)),
    ping: async () => {},
    reconnect: async () => act({ method: "reconnect", key: "" }, async () => {}),
    async close() {
      stage.isClosed = true;
    },
    [Symbol.asyncDispose]: async () => {},
  } satisfies NetworkedSessionHandler & { isClosed: boolean; [name: string]: unknown };
  return stage;
}

export interface Gate<T> {
  readonly opened: Promise<T>;
  open(value: T): void;
}

export function gate<T>(): Gate<T> {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Two processes on one store: `sessions`, whose calls have the fates that a test gives them, and `others`. */
export interface Scene {
  readonly subject: SessionSubject;
  readonly formatName: FormatName;
  readonly clock: VirtualClock;
  readonly store: SessionHandler;
  readonly stage: Stage;
  readonly sessions: SessionManager;
  readonly others: SessionManager;
  /** One more process, its calls not staged. */
  process(options?: Partial<SessionManagerOptions>): SessionManager;
  format(): SessionFormat;
}

export function createScene(
  subject: SessionSubject,
  formatName: FormatName,
  options: Partial<SessionManagerOptions> = {},
): Scene {
  const clock = createVirtualClock();
  const store = subject.createMemoryHandler({ clock });
  const stage = createStage(store);
  const format = () => (formatName === "native" ? subject.nativeFormat() : subject.expressFormat());
  const process = (more: Partial<SessionManagerOptions> = {}) =>
    subject.createSessionManager({ handler: store, format: format(), clock, ...options, ...more });
  return {
    subject,
    formatName,
    clock,
    store,
    stage,
    sessions: process({ handler: stage }),
    others: process(),
    process,
    format,
  };
}

/** A session that is in the store, and its id. */
export async function given({ others }: Scene, attributes: { readonly [name: string]: unknown }): Promise<string> {
  const session = await others.create();
  for (const [name, value] of Object.entries(attributes)) session.set(name, value);
  await session.save();
  return session.id;
}

/** What is stored; `undefined`: no session. */
export async function stored({ others }: Scene, id: string): Promise<Record<string, unknown> | undefined> {
  const session = await others.open(id, { keepAlive: false });
  return session && Object.fromEntries(session.names().map((name) => [name, session.copy(name)]));
}

/** It is carried out, and nobody hears of it. */
export function losesReply({ subject }: Pick<Scene, "subject">, code: SessionErrorCode = "unavailable"): Fate {
  return async (apply) => {
    await apply();
    throw new subject.SessionError(code, "The reply was lost.", { outcome: "unknown" });
  };
}

/** It is not carried out, and nobody can tell. */
export function losesRequest({ subject }: Pick<Scene, "subject">, code: SessionErrorCode = "unavailable"): Fate {
  return async () => {
    throw new subject.SessionError(code, "The request was lost.", { outcome: "unknown" });
  };
}

/** It is not carried out, for certain. */
export function refuses({ subject }: Pick<Scene, "subject">, code: SessionErrorCode = "unavailable"): Fate {
  return async () => {
    throw new subject.SessionError(code, "It was refused.", { outcome: "not-applied" });
  };
}

/** Somebody else is faster. */
export function after(act: () => Promise<unknown>, fate: Fate = (apply) => apply()): Fate {
  return async (apply) => {
    await act();
    return fate(apply);
  };
}

/** Something happens between that it was carried out and that its caller hears of it. */
export function before(act: () => Promise<unknown>, fate: Fate): Fate {
  return (apply) =>
    fate(async () => {
      const result = await apply();
      await act();
      return result;
    });
}

export type { VirtualClock };
