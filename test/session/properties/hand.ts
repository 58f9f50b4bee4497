import assert from "node:assert/strict";
import { isSessionError, type Session, type SessionManager } from "sessionwire";
import type { FormatName } from "../stage.ts";
import type { World } from "./clients.ts";
import { type Change, type Ledger, listOf, Refusal, type Shown } from "./ledger.ts";

/** What a session of the properties holds. */
export function shownIn(session: Session): Shown {
  return {
    attributes: new Map(session.names().flatMap((name) => (name === "list" ? [] : [[name, session.get(name)]]))),
    list: listOf(session.get("list")),
    messages: session.flash.peek("message") as string[], // only texts are added
  };
}

/** One `Session` object after the other, and what is done with it. */
export class Hand {
  session: Session | undefined;
  readonly #name: string;
  readonly #world: World;
  readonly #sessions: SessionManager;
  readonly #ledger: Ledger;
  readonly #running: Promise<unknown>[] = [];
  #changes: Change[] = [];
  /** What the object may have created under an id that it has given up. */
  readonly #ids = new Set<string>();
  #firstId: string | undefined;

  constructor(name: string, world: World, sessions: SessionManager, ledger: Ledger) {
    this.#name = name;
    this.#world = world;
    this.#sessions = sessions;
    this.#ledger = ledger;
    this.#firstId = ledger.id;
  }

  async follow(plan: readonly string[]): Promise<void> {
    if (this.session === undefined) await this.#open(this.#ledger.id);
    for (const step of plan) await this.#take(step);
    await Promise.all(this.#running);
  }

  /** When all is well again, whoever goes on saving gets to know. */
  async decide(format: FormatName): Promise<void> {
    const { session } = this;
    if (session === undefined || session.isReadOnly || session.hasEnded) return;
    if (!session.isNew && (await this.#attempt("refresh", [], () => refresh(session))).error) return;
    const { error } = await this.#save("save at the end", session);
    if (error === undefined || error instanceof Refusal || session.hasEnded || format === "express") return;
    const stored = await this.#world.witness.handler.read(await this.#world.witness.format.keyOf(session.id));
    const tokens = stored && this.#world.witness.format.decode(stored.data).tokens;
    assert.equal(tokens?.length, tokensKept, "it could have been found out (law 91)");
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
    switch (step) {
      case "save":
        await this.#save(step, session);
        return;
      case "save and destroy":
        await this.#save("save", session);
        return this.#end("destroy", session);
      case "begin to save":
        this.#running.push(this.#save(step, session));
        return;
      case "save and abort soon":
        await this.#save(step, session, this.#abortSoon());
        return;
      case "save until it is known":
        for (let left = 5; left > 0 && session.isChanged && !session.hasEnded; left -= 1)
          await this.#save(step, session);
        return;
      case "refresh":
        await this.#attempt(step, [], () => refresh(session));
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

  /** What is recorded in the session, without a word to the store. */
  #change(step: string, session: Session): void {
    const [verb, which] = step.split(" ");
    const name = which === "own" ? `own ${this.#name}` : "shared";
    if (verb === "set") session.set(name, this.#made("set", name).tag);
    if (verb === "delete") {
      session.delete(name);
      this.#made("delete", name);
    }
    if (verb === "append") {
      const { tag } = this.#made("append", "list");
      const seen = step === "append" ? undefined : listOf(session.get("list")).length;
      session.update("list", (list) => append(list, tag, seen));
    }
    if (verb === "add") session.flash.add("message", this.#made("add", "message").tag);
    if (verb === "take") {
      const seen = session.flash.take("message") as string[]; // only texts are added
      if (seen.length > 0) this.#made("take", "message", seen);
      this.#ledger.note(`${this.#name} takes ${seen}`);
    }
  }

  #made(kind: Change["kind"], name: string, seen: readonly string[] = []): Change {
    const change = this.#ledger.add(kind, name, this.session ?? this, seen);
    this.#changes.push(change);
    this.#ledger.note(`${this.#name} ${kind} ${change.tag}`);
    return change;
  }

  async #open(id: string | undefined): Promise<void> {
    await Promise.all(this.#running);
    if (id === undefined || this.session?.isNew) return;
    this.#forget();
    const begunAt = this.#ledger.now();
    const wasStored = this.#ledger.isStored;
    // A read has no outcome, so that it is tried here and not noted.
    for (let left = 3; left > 0 && this.session === undefined; left -= 1) {
      const opened = await this.#sessions.open(id).then(
        (session) => ({ session }),
        () => undefined,
      );
      if (opened === undefined) continue;
      this.#ledger.note(`${this.#name} opens: ${opened.session ? "found" : "nothing"}`);
      this.#ledger.checkRead(id, begunAt, wasStored, opened.session && shownIn(opened.session));
      this.session = opened.session;
      return;
    }
  }

  async #save(what: string, session: Session, signal?: AbortSignal) {
    const { isNew, id } = session;
    const changes = [...this.#changes];
    this.#ids.add(id);
    const result = await this.#attempt(what, changes, () => session.save({ signal }));
    if (!("value" in result)) return result;
    this.#changes = this.#changes.filter((change) => !changes.includes(change));
    if (isNew && changes.length > 0) this.#ledger.id = session.id;
    return result;
  }

  async #update(step: string): Promise<void> {
    for (let left = step.endsWith("left") ? tokensKept : 0; left > 0; left -= 1) await this.#update("update");
    const { id } = this.#ledger;
    if (id === undefined || !this.#ledger.isStored) return;
    const change = this.#ledger.add("append", "list", {});
    const signal = step.endsWith("soon") ? this.#abortSoon() : undefined;
    const { value } = await this.#ledger.attempt(`${this.#name} ${step} ${change.tag}`, id, [change], () =>
      this.#sessions.update(
        id,
        (draft) => {
          draft.update("list", (list) => append(list, change.tag));
          if (step.endsWith("vain")) throw new Refusal();
          return listOf(draft.get("list")).length;
        },
        { signal },
      ),
    );
    if (value !== undefined) change.place = value;
  }

  async #end(step: string, session: Session): Promise<void> {
    const { id, isNew, isReadOnly } = session;
    if (step.startsWith("regenerate")) return isNew || isReadOnly ? undefined : this.#move(step, session);
    this.#ids.add(id);
    const run = () => (step === "destroy" ? session.destroy() : session.invalidate()).then(() => undefined);
    const result = await this.#ledger.attemptEnd(`${this.#name} ${step}`, id, 0, run);
    if (!("value" in result)) return;
    for (const ended of this.#ids) this.#ledger.hasEnded(ended);
    const isEmpty = session.isNew && session.id !== id && session.names().length === 0;
    if (step === "invalidate") assert.ok(isEmpty, "not an empty new session (law 98)");
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
      assert.ok(!hasEnded, "an ended session was moved (law 96)");
      return session.id;
    });
    if (!("value" in result)) return;
    const won = this.#ledger.ends.filter((end) => end.id === id && end.to !== undefined);
    assert.equal(won.length, 1, "two have moved it (law 97)");
    this.#changes = this.#changes.filter((change) => !changes.includes(change));
    this.#ledger.id = session.id;
  }

  async #destroyById(step: string): Promise<void> {
    const { id } = this.#ledger;
    if (id === undefined || !this.#ledger.isStored) return;
    const signal = step.endsWith("soon") ? this.#abortSoon() : undefined;
    const run = () => this.#sessions.destroy(id, { signal }).then(() => undefined);
    await this.#ledger.attemptEnd(`${this.#name} ${step}`, id, 0, run);
  }

  #forget(): void {
    this.session = undefined;
    this.#changes = [];
    this.#ids.clear();
  }

  #attempt<T>(what: string, changes: readonly Change[], run: () => Promise<T>) {
    return this.#ledger.attempt(`${this.#name} ${what}`, this.session?.id, changes, run);
  }

  #abortSoon(): AbortSignal {
    const abortion = new AbortController();
    this.#world.clock.schedule(() => abortion.abort(), 3);
    return abortion.signal;
  }
}

/** As many writes as a record keeps tokens. */
const tokensKept = 16;

function isEnd(step: string): boolean {
  return step.startsWith("regenerate") || step === "destroy" || step === "invalidate";
}

function append(value: unknown, tag: string, seen?: number): string[] {
  const list = listOf(value);
  if (seen !== undefined && list.length !== seen) throw new Refusal();
  return [...list, tag];
}

/** A read that fails changes nothing, and has no outcome. */
async function refresh(session: Session): Promise<void> {
  try {
    await session.refresh();
  } catch (error) {
    if (!isSessionError(error) || error.code === "gone") throw error;
  }
}
