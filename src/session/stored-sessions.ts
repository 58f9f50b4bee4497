import { checkOptionNames, checkSignal } from "../backend/checks.ts";
import type { SessionCookie } from "../cookie/cookie.ts";
import { SessionError } from "../errors.ts";
import type { SessionFormat } from "../formats/format.ts";
import type { OperationOptions, SessionHandler } from "../handler.ts";
import type { CommitRequest } from "./commit/commit-request.ts";
import type { SessionDraft } from "./draft.ts";
import type { SessionEvent } from "./events.ts";
import { goneError } from "./failures.ts";
import { runOnInstance, Wrappable } from "./instance.ts";
import type { CreateOptions, EndOptions, OpenOptions, SessionManager } from "./manager.ts";
import { RecordedSession, type Session } from "./session.ts";
import type { SessionContext } from "./session-state.ts";
import { followForwards } from "./storage/forwarding.ts";
import { runUpdate } from "./update.ts";

/** The sessions in a store. */
export class StoredSessions extends Wrappable implements SessionManager {
  static {
    runOnInstance(StoredSessions);
  }

  readonly handler: SessionHandler;
  readonly cookie: SessionCookie;
  readonly #context: SessionContext;
  /** The sessions whose update is just running its function. */
  readonly #updating = new Set<string>();

  constructor(handler: SessionHandler, context: SessionContext, cookie: SessionCookie) {
    super();
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
      const { key, snapshot, until } = await followForwards(this.#context.records, asked, keepAlive, signal);
      if (snapshot.stored === undefined) return undefined;
      const forward = until === undefined ? undefined : { key: asked, until };
      return new RecordedSession(this.#context, { id, key, forward }, snapshot);
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
    const commit: CommitRequest<Result> = {
      seen: undefined,
      beginning: undefined,
      tokens: () => [],
      isRepeatable: false,
      run: (content) => {
        this.#updating.add(id);
        try {
          return runUpdate(id, this.#context.records, content, change);
        } finally {
          this.#updating.delete(id);
        }
      },
      gone(hasMoved) {
        if (!hasMoved) events.emit({ type: "ended", id, key, reason: "gone" });
      },
    };
    return commits.call(options.signal, (call) => commits.submit(key, commit, call));
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

  async close(): Promise<void> {
    await this.#context.commits.close();
    await this.handler.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ending(id: string, key: string, successor: string | undefined): Promise<SessionEvent> {
    if (successor === undefined) return { type: "ended", id, key, reason: "destroyed" };
    const keyOfSuccessor = await this.format.keyOf(successor);
    return { type: "regenerated", id: successor, key: keyOfSuccessor, previousId: id, previousKey: key };
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
