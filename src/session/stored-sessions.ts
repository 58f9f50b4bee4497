import { attempt } from "../backend/call.ts";
import { checkOptionNames, checkSignal } from "../backend/checks.ts";
import type { SessionCookie } from "../cookie/cookie.ts";
import { SessionError } from "../errors.ts";
import type { SessionFormat } from "../formats/format.ts";
import type { OperationOptions, SessionHandler } from "../handler.ts";
import { isDraft } from "./draft/record-of.ts";
import type { SessionDraft } from "./draft/session-draft.ts";
import type { ChannelLink } from "./events/channel-link.ts";
import type { Happening, SessionEvent } from "./events/session-event.ts";
import type { SessionWrite } from "./events/session-writes.ts";
import { tellRefusal } from "./events/tell-refusal.ts";
import { goneError } from "./failures.ts";
import type { CreateOptions, EndOptions, OpenOptions, SessionManager } from "./manager.ts";
import { RecordedSession } from "./recorded-session.ts";
import type { Session } from "./session.ts";
import type { SessionContext, SessionLocation } from "./session-context.ts";
import { SessionUpdates } from "./session-updates.ts";
import { followForwards } from "./storage/forwarding.ts";
import type { Snapshot } from "./storage/snapshot.ts";
import { StoredTickets } from "./tickets/stored-tickets.ts";
import type { SessionTickets } from "./tickets/tickets.ts";
import type { Users } from "./users/create-users.ts";
import type { UserSessions } from "./users/user-sessions.ts";
import { runOnInstance, Wrappable } from "./wrappable.ts";

const openOptionNames = ["keepAlive", "silent", "signal"];
const updateOptionNames = ["signal"];

/** The sessions in a store. */
export class StoredSessions extends Wrappable implements SessionManager {
  /** To be called before a manager is made. */
  static prepare(): void {
    if (isDraft(RecordedSession.prototype)) return; // another manager was made before
    RecordedSession.prepare();
    runOnInstance(StoredSessions, ["open", "update"]);
  }

  readonly handler: SessionHandler;
  readonly cookie: SessionCookie;
  readonly tickets: SessionTickets;
  readonly #context: SessionContext;
  readonly #link: ChannelLink | undefined;
  readonly #users: Users | undefined;
  readonly #updates: SessionUpdates;

  constructor(
    handler: SessionHandler,
    context: SessionContext,
    cookie: SessionCookie,
    link: ChannelLink | undefined,
    users: Users | undefined,
  ) {
    super();
    this.handler = handler;
    this.cookie = cookie;
    this.#context = context;
    this.#updates = new SessionUpdates(context);
    this.#link = link;
    this.#users = users;
    const { calls, events, records } = context;
    const open = (id: string, options: OpenOptions) => this.open(id, options);
    this.tickets = new StoredTickets({ handler, calls, events, format: records.format, open });
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

  open(id: string, options: OpenOptions = {}): Promise<Session | undefined> {
    return attempt(() => {
      checkOptionNames("open", options, openOptionNames);
      checkSignal(options.signal);
      if (this.#isId(id))
        return this.#withKey(id, (key) => this.#told(key, this.#openAt({ id, key }, options), options));
      if (!options.silent) this.#context.events.refuse("no-session");
      return undefined;
    });
  }

  update<Result>(id: string, change: (draft: SessionDraft) => Result, options: OperationOptions = {}): Promise<Result> {
    return attempt(() => {
      checkOptionNames("update", options, updateOptionNames);
      checkSignal(options.signal);
      if (typeof change !== "function") throw new TypeError("update needs a function.");
      this.#updates.refuseNested(id);
      if (!this.#isId(id)) throw goneError();
      return this.#withKey(id, (key) => this.#updates.run({ id, key }, change, options.signal));
    });
  }

  async destroy(id: string, options: EndOptions = {}): Promise<void> {
    checkOptionNames("destroy", options, ["successor", "signal"]);
    checkSignal(options.signal);
    if (!this.#isId(id)) return;
    const { calls, commits, endings, events } = this.#context;
    const key = await this.format.keyOf(id);
    await calls.run(options.signal, async (call) => {
      call.sent = true;
      // Signing out with an id in its grace period ends the session that it leads to.
      const ended = await commits.alone(key, () => endings.end(key));
      events.emit(await this.#ending(id, ended, options.successor));
    });
  }

  ofUser(userId: string | number): UserSessions {
    const sessions = this.#users?.ofUser(userId);
    if (sessions) return sessions;
    throw new TypeError("ofUser needs the id of a user, and the option `users` of the manager.");
  }

  subscribe(listener: (event: SessionEvent) => void): () => void {
    return this.#context.events.subscribe(listener);
  }

  subscribeToWrites(listener: (write: SessionWrite) => void): () => void {
    return this.#context.writes.subscribe(listener);
  }

  hashOf(key: string): string {
    return this.#context.events.hashOf(key);
  }

  async close(): Promise<void> {
    const { calls, commits } = this.#context;
    await calls.close();
    await commits.close();
    await Promise.all([this.#link?.close(), this.handler.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Waits for the key only if the format is asynchronous. */
  #withKey<T>(id: string, run: (key: string) => Promise<T>): Promise<T> {
    const key = this.format.keyOf(id);
    return typeof key === "string" ? run(key) : Promise.resolve(key).then(run);
  }

  /** Waits for the answer only if there are listeners. */
  #told(key: string, opening: Promise<Session | undefined>, options: OpenOptions): Promise<Session | undefined> {
    const { events } = this.#context;
    return events.isHeard && !options.silent ? tellRefusal(events, { reason: "no-session", key }, opening) : opening;
  }

  #openAt(location: SessionLocation, options: OpenOptions): Promise<Session | undefined> {
    const { calls, records } = this.#context;
    const { keepAlive = true, signal } = options;
    return calls.run(
      signal,
      () => records.read(location.key, keepAlive, signal),
      (snapshot) => {
        if (snapshot.stored?.record.forward) return this.#openForwarded(location, snapshot, options);
        return snapshot.stored && new RecordedSession(this.#context, location, snapshot);
      },
    );
  }

  async #openForwarded(
    { id, key: asked }: SessionLocation,
    seen: Snapshot,
    options: OpenOptions,
  ): Promise<Session | undefined> {
    const { calls, records } = this.#context;
    const { keepAlive = true, signal } = options;
    const { key, snapshot, until } = await calls.run(signal, () =>
      followForwards(records, asked, seen, keepAlive, signal),
    );
    if (snapshot.stored === undefined) return undefined;
    const forward = until === undefined ? undefined : { key: asked, until };
    return new RecordedSession(this.#context, { id, key, forward }, snapshot);
  }

  async #ending(id: string, key: string, successor: string | undefined): Promise<Happening> {
    if (successor === undefined) return { type: "ended", id, key, reason: "destroyed" };
    const keyOfSuccessor = await this.format.keyOf(successor);
    return { type: "regenerated", id: successor, key: keyOfSuccessor, previousId: id, previousKey: key };
  }

  /** Checks the shape of an id. A forged cookie is not an error. */
  #isId(id: unknown): id is string {
    return typeof id === "string" && this.format.isId(id);
  }

  /** Refuses a given id in a format that creates its own: an attacker may have supplied it. (OWASP: session fixation) */
  #checkAdopted(id: unknown): void {
    if (!this.format.acceptsForeignIds) throw new TypeError(`The ${this.format.name} format creates its own ids.`);
    if (!this.#isId(id)) throw new SessionError("invalid-id", "The id is not valid in this format.");
  }
}
