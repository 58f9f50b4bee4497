import { checkCount, checkMethods, checkOptionNames, checkSignal, MAX_TTL_SECONDS } from "../arguments.ts";
import { type Clock, systemClock } from "../clock.ts";
import { SessionError } from "../errors.ts";
import type { SessionFormat, SessionLimits } from "../formats/format.ts";
import { nativeFormat } from "../formats/native.ts";
import type { OperationOptions, SessionHandler } from "../handler.ts";
import { type Change, refusePromise } from "./change.ts";
import type { Commit } from "./commit.ts";
import { Commits } from "./commits.ts";
import type { Content } from "./content.ts";
import { createSessionCookie, type SessionCookie, type SessionCookieOptions } from "./cookie.ts";
import { Draft, type DraftHost, type SessionDraft } from "./draft.ts";
import { type SessionEvent, SessionEvents } from "./events.ts";
import { goneError, isGone } from "./failures.ts";
import { Records } from "./records.ts";
import { RecordedSession, type Session } from "./session.ts";
import type { SessionContext } from "./session-state.ts";

/**
 * The options of {@link createSessionManager}.
 *
 * @public
 */
export interface SessionManagerOptions {
  /** Where the sessions are kept. It belongs to the manager, which closes it. */
  readonly handler: SessionHandler;
  /**
   * How they are laid down there.
   *
   * @defaultValue {@link nativeFormat}
   */
  readonly format?: SessionFormat | undefined;
  /**
   * Ends a session that has not been used for so long; whole seconds.
   *
   * @defaultValue that of the format: 1800 (30 min) in the native one, 86,400 (a day) in that of express-session
   */
  readonly idleTimeoutSeconds?: number | undefined;
  /**
   * Ends a session so long after its creation, however much it is used; whole seconds. `Infinity`: never.
   *
   * @defaultValue that of the format: 43,200 (12 h) in the native one; that of express-session does not know of any
   */
  readonly lifetimeSeconds?: number | undefined;
  /**
   * Keeps sessions alive at most so often where that takes a round trip of its own, and at least ten times within the time to
   * live; seconds. 0: each time.
   *
   * @defaultValue 60
   */
  readonly touchEverySeconds?: number | undefined;
  /**
   * How often a change is made again when somebody else was faster each time, before it is given up with code `conflict`.
   *
   * @defaultValue 100
   */
  readonly maxConflicts?: number | undefined;
  /** The cookie of {@link SessionManager.cookie}. */
  readonly cookie?: SessionCookieOptions | undefined;
  /**
   * Where the time comes from.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * The options of {@link SessionManager.open}.
 *
 * @public
 */
export interface OpenOptions extends OperationOptions {
  /**
   * Whether to restart the time to live.
   *
   * @defaultValue `true`
   */
  readonly keepAlive?: boolean | undefined;
}

/**
 * The options of {@link SessionManager.create}.
 *
 * @public
 */
export interface CreateOptions {
  /** An id that was chosen elsewhere, by express-session for instance; for formats that adopt ids. */
  readonly id?: string | undefined;
}

/**
 * The options of {@link SessionManager.destroy}.
 *
 * @public
 */
export interface EndOptions extends OperationOptions {
  /**
   * The id under which its user goes on, in a session that begins empty, as `req.session.regenerate` of express-session has
   * it. Subscribers hear of it as `regenerated`.
   */
  readonly successor?: string | undefined;
}

/**
 * The sessions of an application: opens, creates, updates and ends them by id.
 *
 * @public
 */
export interface SessionManager<Attributes extends object = Record<string, unknown>> extends AsyncDisposable {
  /** Where the sessions are kept. */
  readonly handler: SessionHandler;
  /** How they are laid down there. */
  readonly format: SessionFormat;
  /** Hands ids to browsers and finds them in requests. */
  readonly cookie: SessionCookie;

  /** A new session under a fresh id. Nothing is stored until something is set and saved. */
  create(options?: CreateOptions): Promise<Session<Attributes>>;
  /**
   * The session, or `undefined`: there is none (any more), or this cannot be an id. Restarts its time to live, in the same
   * round trip where the format allows that.
   */
  open(id: string, options?: OpenOptions): Promise<Session<Attributes> | undefined>;
  /**
   * Changes a session: opens it, runs `change`, saves; and again, when somebody else was faster. Resolves with what `change`
   * returned in the run that counts. For an id without a session it rejects with code `gone`.
   *
   * @remarks
   * - `change` must be synchronous, and may run again: nothing but the draft should be changed by it. Returning a promise is a
   *   `TypeError`. When it throws, nothing is changed, and the promise rejects with just that.
   * - Updates of one session at the same time share their reads and writes, in call order. One that throws, is too large or is
   *   aborted fails alone. An update within `change` of the same session rejects.
   * - When the store does not say whether the change was made, it rejects with `outcome: "unknown"`.
   */
  update<Result>(
    id: string,
    change: (draft: SessionDraft<Attributes>) => Result,
    options?: OperationOptions,
  ): Promise<Result>;
  /** Ends a session, for everybody. Ending one that is not there resolves. */
  destroy(id: string, options?: EndOptions): Promise<void>;
  /** Hears what happens to sessions in this process, until the function it returns is called. What a listener throws is ignored. */
  subscribe(listener: (event: SessionEvent) => void): () => void;
  /** Ends gracefully: takes nothing new, waits for what is under way, closes the handler. */
  close(): Promise<void>;
}

/**
 * Makes the manager of an application's sessions.
 *
 * @throws `RangeError` or `TypeError` for an option that cannot be used.
 *
 * @public
 */
export function createSessionManager<Attributes extends object = Record<string, unknown>>(
  options: SessionManagerOptions,
): SessionManager<Attributes> {
  checkOptionNames("createSessionManager", options, optionNames);
  checkMethods("The handler", options.handler, ["read", "write", "touch", "destroy", "close"]);
  const { handler, format = nativeFormat(), touchEverySeconds = 60, maxConflicts = 100, clock = systemClock } = options;
  const limits = limitsOf(format, options);
  checkCount("touchEverySeconds", touchEverySeconds, 0);
  checkCount("maxConflicts", maxConflicts, 0);
  const records = new Records(handler, format, limits, clock, touchEverySeconds);
  const context = {
    records,
    commits: new Commits(records, clock, maxConflicts),
    events: new SessionEvents(),
    maxConflicts,
  };
  const cookie = createSessionCookie((id) => format.isId(id), options.cookie);
  // The attributes are a word of the type; what is stored is what is stored.
  return new Manager(handler, context, cookie) as SessionManager as unknown as SessionManager<Attributes>;
}

const optionNames = [
  "handler",
  "format",
  "idleTimeoutSeconds",
  "lifetimeSeconds",
  "touchEverySeconds",
  "maxConflicts",
  "cookie",
  "clock",
];

function limitsOf(format: SessionFormat, options: SessionManagerOptions): SessionLimits {
  const { idleTimeoutSeconds = format.defaults.idleTimeoutSeconds, lifetimeSeconds = format.defaults.lifetimeSeconds } =
    options;
  checkCount("idleTimeoutSeconds", idleTimeoutSeconds, 1, MAX_TTL_SECONDS);
  if (lifetimeSeconds === undefined || lifetimeSeconds === Infinity) return { idleTimeoutSeconds };
  checkCount("lifetimeSeconds", lifetimeSeconds, 1, MAX_TTL_SECONDS);
  if (format.defaults.lifetimeSeconds === undefined) {
    throw new TypeError(
      `The ${format.name} format does not know when a session was created, so it can have no lifetime.`,
    );
  }
  return { idleTimeoutSeconds, lifetimeSeconds };
}

class Manager implements SessionManager {
  readonly handler: SessionHandler;
  readonly cookie: SessionCookie;
  readonly #context: SessionContext;
  /** The sessions whose update is just running its function. */
  readonly #updating = new Set<string>();
  #closing: Promise<void> | undefined;

  constructor(handler: SessionHandler, context: SessionContext, cookie: SessionCookie) {
    this.handler = handler;
    this.cookie = cookie;
    this.#context = context;
  }

  get format(): SessionFormat {
    return this.#context.records.format;
  }

  async create(options: CreateOptions = {}): Promise<Session> {
    checkOptionNames("create", options, ["id"]);
    const { id = this.format.createId() } = options;
    if (options.id !== undefined) this.#checkAdopted(options.id);
    return new RecordedSession(this.#context, { id, key: await this.format.keyOf(id) }, undefined);
  }

  async open(id: string, options: OpenOptions = {}): Promise<Session | undefined> {
    checkOptionNames("open", options, ["keepAlive", "signal"]);
    const { keepAlive = true, signal } = options;
    checkSignal(signal);
    if (!this.#isId(id)) return undefined;
    return this.#context.commits.call(signal, async () => {
      const asked = await this.format.keyOf(id);
      const { key, sight, until } = await this.#context.records.find(asked, keepAlive, signal);
      if (sight.stored === undefined) return undefined;
      const forward = until === undefined ? undefined : { key: asked, until };
      return new RecordedSession(this.#context, { id, key, forward }, sight);
    });
  }

  async update<Result>(
    id: string,
    change: (draft: SessionDraft) => Result,
    options: OperationOptions = {},
  ): Promise<Result> {
    checkOptionNames("update", options, ["signal"]);
    checkSignal(options.signal);
    if (typeof change !== "function") throw new TypeError("update needs a function.");
    if (this.#updating.has(id))
      throw new TypeError("A session cannot be updated within an update of the same session.");
    if (!this.#isId(id)) throw goneError();
    const { commits, events } = this.#context;
    const key = await this.format.keyOf(id);
    const commit: Commit<Result> = {
      seen: undefined,
      beginning: undefined,
      tokens: [],
      isRepeatable: false,
      run: (content) => this.#runUpdate(id, change, content),
    };
    try {
      return await commits.call(options.signal, (call) => commits.submit(key, commit, call));
    } catch (error) {
      if (isGone(error)) events.emit({ type: "ended", id, key, reason: "gone" });
      throw error;
    }
  }

  async destroy(id: string, options: EndOptions = {}): Promise<void> {
    checkOptionNames("destroy", options, ["successor", "signal"]);
    checkSignal(options.signal);
    if (!this.#isId(id)) return;
    const { commits, events, records } = this.#context;
    const key = await this.format.keyOf(id);
    await commits.call(options.signal, async (call) => {
      call.sent = true;
      // Whoever signs out with an id in its grace time means the session that it leads to.
      const ended = await commits.alone(key, () => records.end(key));
      events.emit(await this.#ending(id, ended, options.successor));
    });
  }

  subscribe(listener: (event: SessionEvent) => void): () => void {
    return this.#context.events.subscribe(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await this.#context.commits.close();
    await this.handler.close();
  }

  async #ending(id: string, key: string, successor: string | undefined): Promise<SessionEvent> {
    if (successor === undefined) return { type: "ended", id, key, reason: "destroyed" };
    const keyOfSuccessor = await this.format.keyOf(successor);
    return { type: "regenerated", id: successor, key: keyOfSuccessor, previousId: id, previousKey: key };
  }

  #runUpdate<Result>(id: string, change: (draft: SessionDraft) => Result, content: Content): Result {
    const host = new UpdateHost(id, this.format, content);
    this.#updating.add(id);
    try {
      const result = change(new Draft(host));
      refusePromise(result);
      return result;
    } finally {
      this.#updating.delete(id);
      host.isOver = true;
    }
  }

  /** A forged cookie is no error. */
  #isId(id: unknown): id is string {
    return typeof id === "string" && this.format.isId(id);
  }

  /** Where ids are made here, whoever brings one may have been given it by an attacker. (OWASP: session fixation) */
  #checkAdopted(id: unknown): void {
    if (!this.format.adoptsIds) throw new TypeError(`The ${this.format.name} format makes its ids itself.`);
    if (!this.#isId(id)) throw new SessionError("invalid_id", "The id cannot be one of this format.");
  }
}

/** A draft of an update changes content that nobody else sees until the function has returned. */
class UpdateHost implements DraftHost {
  readonly id: string;
  readonly format: SessionFormat;
  readonly content: Content;
  readonly isReadOnly = false;
  isOver = false;

  constructor(id: string, format: SessionFormat, content: Content) {
    this.id = id;
    this.format = format;
    this.content = content;
  }

  perform(change: Change): void {
    if (this.isOver) throw new TypeError("The draft of an update cannot be changed after the function has returned.");
    change.apply(this.content);
  }
}
