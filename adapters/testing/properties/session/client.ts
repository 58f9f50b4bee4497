import { isSessionError, type Session } from "sessionwire";
import { holds } from "../contract.ts";
import type { SessionLedger } from "./ledger.ts";
import { type AttemptResult, listOf, Refusal, type SessionChange } from "./ledger-entries.ts";
import { append, checkWhole, isShown, lists, viewOf } from "./view.ts";
import type { SessionProcess, SessionWorld } from "./world.ts";

/** Number of writes for which a record keeps tokens. */
const TOKENS_KEPT = 16;

/** Works with one `Session` object after the other, step by step, and checks every answer and every view. */
export class SessionClient {
  session: Session | undefined;
  readonly #name: string;
  readonly #world: SessionWorld;
  readonly #process: SessionProcess;
  readonly #ledger: SessionLedger;
  /** `true` if nobody else works in this process, so that each of its calls comes from this client. */
  readonly #isAlone: boolean;
  readonly #running = new Set<Promise<unknown>>();
  /** `true` if a call was given up that may still take effect. */
  #hasGivenUp = false;
  /** Number of saves under way. */
  #saving = 0;
  #changes: SessionChange[] = [];
  /** The functions that may throw when they are called again. */
  readonly #conditional = new Set<SessionChange>();
  /** `true` if a function that changes nothing has been recorded. */
  #hasChangedNothing = false;
  /** The ids that the object has given up, and under which it may have created a session. */
  readonly #ids = new Set<string>();
  readonly #firstId: string | undefined;

  constructor(name: string, world: SessionWorld, process: SessionProcess, ledger: SessionLedger, isAlone: boolean) {
    this.#name = name;
    this.#world = world;
    this.#process = process;
    this.#ledger = ledger;
    this.#isAlone = isAlone;
    this.#firstId = ledger.id;
  }

  async follow(plan: readonly string[]): Promise<void> {
    if (this.session === undefined) await this.#open(this.#ledger.id);
    for (const step of plan) {
      await this.#take(step);
      this.#checkView();
    }
    await Promise.all(this.#running);
  }

  /** Saves once more after the recovery, and so learns the outcome of earlier saves. */
  async decide(): Promise<void> {
    const { session } = this;
    if (session === undefined || session.isReadOnly || session.hasEnded) return;
    if (!session.isNew && (await this.#refresh(session)).error) return;
    const { error } = await this.#save("save at the end", session);
    const { format, handler } = this.#world.witness;
    if (error === undefined || error instanceof Refusal || session.hasEnded || !format.storesTokens) return;
    const stored = await handler.read(await format.keyOf(session.id));
    const tokens = stored && format.decode(stored.data).tokens;
    holds(91, tokens?.length === TOKENS_KEPT, `${this.#name} does not learn an outcome that could be determined`);
  }

  async #take(step: string): Promise<void> {
    const { session } = this;
    if (step === "open again") return this.#open(this.#ledger.id);
    if (step === "open by the first id") return this.#open(this.#firstId);
    if (step.startsWith("destroy by id")) return this.#destroyById(step);
    if (step.startsWith("update")) return this.#update(step);
    if (session === undefined) return;
    if (isEnd(step)) {
      await Promise.all(this.#running);
      return this.#end(step, session);
    }
    if (!session.isReadOnly) this.#change(step, session);
    return this.#send(step, session);
  }

  /** Records a change in the session, without any call to the store. */
  #change(step: string, session: Session): void {
    const [verb, which] = step.split(" ");
    const name = which === "own" ? `own ${this.#name}` : "shared";
    if (verb === "set") session.set(name, this.#made("set", name).tag);
    if (verb === "delete") {
      session.delete(name);
      this.#made("delete", name);
    }
    if (verb === "append") {
      const change = this.#made("append", "list");
      if (step !== "append") this.#conditional.add(change);
      const seen = step === "append" ? undefined : listOf(session.get("list")).length;
      for (const list of lists) session.update(list, (entries) => append(entries, change.tag, seen));
    }
    if (step === "change nothing by a function") {
      session.update("list", (list) => list);
      this.#hasChangedNothing = true;
    }
    if (verb === "add") session.flash.add("message", this.#made("add", "message").tag);
    if (verb === "take") {
      const seen = session.flash.take("message") as string[]; // only texts are added
      if (seen.length > 0) this.#made("take", "message", seen);
      this.#ledger.note(`${this.#name} takes ${seen}`);
    }
  }

  async #send(step: string, session: Session): Promise<void> {
    switch (step) {
      case "save":
        await this.#save(step, session);
        return;
      case "save and destroy":
        await this.#save("save", session);
        return this.#end("destroy", session);
      case "begin to save":
        void this.#begin(this.#save(step, session));
        return;
      case "save twice at once":
        await Promise.all([this.#begin(this.#save(step, session)), this.#begin(this.#save(step, session))]);
        return;
      case "save and abort soon":
        await this.#save(step, session, this.#abortSoon());
        return;
      case "save until it is known":
        for (let left = 5; left > 0 && session.isChanged && !session.hasEnded; left -= 1)
          await this.#save(step, session);
        return;
      case "refresh":
        await this.#refresh(session);
        return;
      case "touch":
        await this.#attempt(step, [], () => session.touch());
        return;
      case "discard":
        session.discard();
        for (const change of this.#changes) change.isDiscarded = true;
        this.#changes = [];
    }
  }

  #made(kind: SessionChange["kind"], name: string, seen: readonly string[] = []): SessionChange {
    const change = this.#ledger.add(kind, name, this.session ?? this, seen);
    this.#changes.push(change);
    this.#ledger.note(`${this.#name} ${kind} ${change.tag}`);
    return change;
  }

  /** Tracks a running call. Its rejection is handled by the code that waits for all of them. */
  #begin<T>(saving: Promise<T>): Promise<T> {
    this.#running.add(saving);
    const done = () => this.#running.delete(saving);
    saving.then(done, () => {});
    return saving;
  }

  async #open(id: string | undefined): Promise<void> {
    await Promise.all(this.#running);
    if (id === undefined || this.session?.isNew) return;
    this.#forget();
    const begunAt = this.#ledger.now();
    const wasStored = this.#ledger.isStored;
    // A read has no outcome, so it is tried here and not recorded.
    for (let left = 3; left > 0 && this.session === undefined; left -= 1) {
      const opened = await this.#process.sessions.open(id).then(
        (session) => ({ session }),
        (error: unknown) => holds(33, isSessionError(error), `${this.#name} cannot open it: ${String(error)}`),
      );
      if (!opened) continue;
      this.#ledger.note(`${this.#name} opens: ${opened.session ? "found" : "nothing"}`);
      this.#ledger.checkLook({ id, begunAt, wasStored, view: opened.session && viewOf(opened.session) });
      if (opened.session) checkWhole(opened.session);
      this.session = opened.session;
      return;
    }
  }

  /** Refreshes the session, and checks that it shows the saves of others, with unsaved changes on top. */
  async #refresh(session: Session): Promise<AttemptResult<void>> {
    const { id, isNew, isReadOnly } = session;
    const begunAt = this.#ledger.now();
    const wasStored = this.#ledger.isStored;
    let hasFailed = false;
    const result = await this.#attempt("refresh", [], () =>
      session.refresh().catch((error: unknown) => {
        if (!isSessionError(error) || error.code === "gone") throw error;
        hasFailed = true; // a read changes nothing, and has no outcome
      }),
    );
    if (result.error || hasFailed || isNew || isReadOnly) return result;
    this.#ledger.checkLook({ id, begunAt, wasStored, view: viewOf(session), unsaved: this.#changes, law: 101 });
    checkWhole(session);
    return result;
  }

  async #save(what: string, session: Session, signal?: AbortSignal): Promise<AttemptResult<void>> {
    const { isNew, id } = session;
    const changes = [...this.#changes];
    const mustBeSilent =
      this.#isCalm && !session.isChanged && what !== "begin to save" && what !== "save twice at once";
    const before = this.#process.calls;
    this.#ids.add(id);
    this.#hasChangedNothing = false;
    this.#saving += 1;
    const result = await this.#attempt(what, changes, () => session.save({ signal }));
    this.#saving -= 1;
    const hasAsked = this.#process.calls > before;
    holds(82, !mustBeSilent || !hasAsked, `${this.#name} has changed nothing, but calls the store for its save`);
    if (!("value" in result)) {
      this.#checkKept(session, changes, result.error);
      return result;
    }
    this.#changes = this.#changes.filter((change) => !changes.includes(change));
    if (isNew && changes.length > 0) this.#ledger.id = session.id;
    this.#checkLeft(session);
    return result;
  }

  async #update(step: string): Promise<void> {
    for (let left = step.endsWith("left") ? TOKENS_KEPT : 0; left > 0; left -= 1) await this.#update("update");
    const { id } = this.#ledger;
    if (id === undefined || !this.#ledger.isStored) return;
    if (step === "update nothing") return this.#updateNothing(id);
    const change = this.#ledger.add("append", "list", {});
    const signal = step.endsWith("soon") ? this.#abortSoon() : undefined;
    const { value } = await this.#ledger.attempt(`${this.#name} ${step} ${change.tag}`, id, [change], () =>
      this.#process.sessions.update(
        id,
        (draft) => {
          for (const list of lists) draft.update(list, (entries) => append(entries, change.tag));
          if (step.endsWith("vain")) throw new Refusal();
          return listOf(draft.get("list")).length;
        },
        { signal },
      ),
    );
    if (value !== undefined) change.place = value;
  }

  /**
   * Updates the session with a function that changes nothing, and checks that it sees the stored data and leaves it
   * unchanged.
   */
  async #updateNothing(id: string): Promise<void> {
    const begunAt = this.#ledger.now();
    const mustNotWrite = this.#isCalm;
    const before = this.#process.writes;
    const { value } = await this.#ledger.attempt(`${this.#name} update nothing`, id, [], () =>
      this.#process.sessions.update(id, (draft) => [...listOf(draft.get("list"))]),
    );
    const hasWritten = this.#process.writes > before;
    holds(82, !mustNotWrite || !hasWritten, `${this.#name} has changed nothing, but its update writes`);
    if (value) this.#ledger.checkListShown(value, begunAt);
  }

  async #end(step: string, session: Session): Promise<void> {
    const { id, isNew, isReadOnly } = session;
    if (step.startsWith("regenerate")) return isNew || isReadOnly ? undefined : this.#move(step, session);
    this.#ids.add(id);
    const run = () => (step === "destroy" ? session.destroy() : session.invalidate()).then(() => undefined);
    const result = await this.#ledger.attemptEnd(`${this.#name} ${step}`, id, 0, run);
    if (!("value" in result)) return this.#doubtEnd(session, id, result);
    for (const ended of this.#ids) this.#ledger.hasEnded(ended);
    const isEmpty = session.isNew && session.id !== id && session.names().length === 0;
    holds(98, step !== "invalidate" || isEmpty, `${this.#name} has invalidated it, but it is not an empty new session`);
    this.#forget();
  }

  async #move(step: string, session: Session): Promise<void> {
    const { id, hasEnded } = session;
    const graceSeconds = step.endsWith("grace") ? 10 : 0;
    const until = graceSeconds > 0 ? this.#world.clock.now() + graceSeconds * 1000 : 0;
    const changes = [...this.#changes];
    const what = `${this.#name} ${step}`;
    const signal = step.endsWith("soon") ? this.#abortSoon() : undefined;
    const result = await this.#ledger.attemptEnd(what, id, until, async () => {
      const saved = await this.#ledger.attempt(what, id, changes, () => session.regenerate({ graceSeconds, signal }));
      if (saved.error) throw saved.error;
      holds(96, !hasEnded, `${what} moved an ended session`);
      holds(96, session.id !== id, `${what} has not changed the id`);
      return session.id;
    });
    if (!("value" in result)) return this.#doubtEnd(session, id, result);
    const winners = this.#ledger.ends.filter((end) => end.id === id && end.to !== undefined);
    holds(97, winners.length === 1, `${what} and somebody else have moved it`);
    this.#changes = this.#changes.filter((change) => !changes.includes(change));
    this.#ledger.id = session.id;
  }

  /** A call given up earlier may have moved the session meanwhile, in which case the moved session may have ended. */
  #doubtEnd(session: Session, id: string, { outcome }: AttemptResult<unknown>): void {
    if (outcome === "unknown" && session.id !== id) this.#ledger.mayEnd(session.id);
  }

  async #destroyById(step: string): Promise<void> {
    const { id } = this.#ledger;
    if (id === undefined || !this.#ledger.isStored) return;
    const signal = step.endsWith("soon") ? this.#abortSoon() : undefined;
    const run = () => this.#process.sessions.destroy(id, { signal }).then(() => undefined);
    await this.#ledger.attemptEnd(`${this.#name} ${step}`, id, 0, run);
  }

  #forget(): void {
    this.session = undefined;
    this.#changes = [];
    this.#hasChangedNothing = false;
    this.#ids.clear();
  }

  #attempt<T>(what: string, changes: readonly SessionChange[], run: () => Promise<T>): Promise<AttemptResult<T>> {
    return this.#ledger.attempt(`${this.#name} ${what}`, this.session?.id, changes, run);
  }

  #abortSoon(): AbortSignal {
    const controller = new AbortController();
    this.#world.clock.schedule(() => controller.abort(), 3);
    this.#hasGivenUp = true;
    return controller.signal;
  }

  /** `true` if no call of this client is under way, and all calls are its own. */
  get #isCalm(): boolean {
    return this.#isAlone && !this.#hasGivenUp && this.#running.size === 0;
  }

  /**
   * Checks that unsaved changes are visible at once, and until they are saved. A change that may already be stored may
   * have been overwritten.
   */
  #checkView(): void {
    const { session } = this;
    if (session === undefined || session.hasEnded || session.isReadOnly || this.#running.size > 0) return;
    const view = viewOf(session);
    for (const change of this.#changes) {
      const mayBeUnseen = change.word !== "not stored" || this.#conditional.has(change);
      holds(
        80,
        mayBeUnseen || isShown(change, view, this.#changes),
        `${this.#name} does not see its own ${change.kind} of ${change.tag}`,
      );
    }
    checkWhole(session);
  }

  #checkKept(session: Session, changes: readonly SessionChange[], error: unknown): void {
    const isLeft = changes.some(({ word, isDiscarded }) => word !== "stored" && !isDiscarded);
    const law = isSessionError(error) && error.code === "conflict" ? 88 : 89;
    const isKept = session.hasEnded || session.isChanged || !isLeft;
    holds(law, isKept, `${this.#name} has lost its changes through a failed save`);
  }

  /** Checks that the changes made during a save are left for the next one, and no others. */
  #checkLeft(session: Session): void {
    if (this.#saving > 0 || session.hasEnded) return;
    if (this.#changes.length > 0) {
      holds(90, session.isChanged, `${this.#name} has lost changes made during a save`);
    } else {
      const isDone = this.#hasChangedNothing || !session.isChanged;
      holds(83, isDone, `${this.#name} has saved, but changes are left to be saved`);
    }
  }
}

function isEnd(step: string): boolean {
  return step.startsWith("regenerate") || step === "destroy" || step === "invalidate";
}
