import assert from "node:assert/strict";
import { isSessionError } from "sessionwire";

/** A change as its maker knows it. Its tag is the value that it leaves, of which there is no other. */
export interface Change {
  readonly kind: "set" | "delete" | "append" | "add" | "take";
  readonly name: string;
  readonly tag: string;
  /** The messages that a take has shown. */
  readonly seen: readonly string[];
  /** The changes of one maker go one after the other. */
  readonly maker: object;
  /** What its maker was told: nothing that would let it be stored, that nobody knows, or that it is. */
  word: "not stored" | "unknown" | "stored";
  /** When it was first tried to store it, and when that was acknowledged. */
  begunAt: number;
  storedAt: number;
  isDiscarded: boolean;
  /** The place in the list at which its maker was told it is. */
  place?: number;
}

/** Something that ends what is stored under an id: a destroy, or a move to another id. */
export interface End {
  readonly id: string;
  /** Where it goes on, as far as that was told. */
  to?: string;
  /** Until when the old id leads on. */
  readonly until: number;
  readonly begunAt: number;
  doneAt: number;
  word: Change["word"];
}

/** What a session shows. */
export interface Shown {
  readonly attributes: ReadonlyMap<string, unknown>;
  readonly list: readonly string[];
  readonly messages: readonly string[];
}

/** What an application throws in its own functions. */
export class Refusal extends Error {}

/** What the clients of one session were told, and so what must be found in it. */
export class Ledger {
  readonly changes: Change[] = [];
  readonly ends: End[] = [];
  readonly history: string[] = [];
  /** The id that was told last. */
  id: string | undefined;
  isStored = false;
  readonly #toldGone = new Set<string>();
  #time = 0;

  constructor(id: string | undefined) {
    this.id = id;
  }

  now(): number {
    this.#time += 1;
    return this.#time;
  }

  note(line: string): void {
    this.history.push(line);
  }

  add(kind: Change["kind"], name: string, maker: object, seen: readonly string[] = []): Change {
    const tag = `${name} ${this.changes.length + 1}`;
    const unsaved = { word: "not stored", begunAt: Infinity, storedAt: Infinity, isDiscarded: false } as const;
    const change: Change = { kind, name, maker, seen, tag, ...unsaved };
    this.changes.push(change);
    return change;
  }

  /** Tries to store the changes under an id, and notes what was told of it. */
  async attempt<T>(what: string, id: string | undefined, changes: readonly Change[], run: () => Promise<T>) {
    const begunAt = this.now();
    const wasStored = this.isStored;
    // What was given up before may have been stored since, so that nothing is left to be done.
    const isNeeded = changes.some(({ word }) => word === "not stored");
    for (const change of changes) change.begunAt = Math.min(change.begunAt, begunAt);
    const result = await this.#told(what, run);
    const now = this.now();
    if ("value" in result && isNeeded) {
      assert.ok(!this.#isDead(id, begunAt), `${what} was acknowledged after the end (law 92)`);
    }
    if (isSessionError(result.error) && result.error.code === "gone") {
      this.#checkGone(what, id, wasStored);
    }
    for (const change of changes) {
      if (change.word === "stored") continue;
      if ("value" in result && !change.isDiscarded) Object.assign(change, { word: "stored", storedAt: now });
      else if ("value" in result || result.outcome === "unknown") change.word = "unknown";
    }
    this.isStored ||= changes.some(({ word }) => word === "stored");
    return result;
  }

  /** Ends what is stored under an id, and notes what was told of it. */
  async attemptEnd(what: string, id: string, until: number, run: () => Promise<string | undefined>) {
    const end: End = { id, until, begunAt: this.now(), doneAt: Infinity, word: "unknown" };
    this.ends.push(end);
    const result = await this.#told(what, run);
    end.word = "value" in result ? "stored" : result.outcome === "unknown" ? "unknown" : "not stored";
    if (!("value" in result)) return result;
    end.doneAt = this.now();
    if (result.value === undefined) return result;
    assert.ok(!this.#isDead(id, end.begunAt), `${what} moved what had ended (law 96)`);
    end.to = result.value;
    return result;
  }

  /** What was never told to be stored under this id may have been on its way there. */
  hasEnded(id: string): void {
    this.ends.push({ id, until: 0, begunAt: this.now(), doneAt: this.now(), word: "stored" });
  }

  #isDead(id: string | undefined, begunAt: number): boolean {
    return this.ends.some((end) => end.id === id && end.word === "stored" && end.doneAt < begunAt);
  }

  async #told<T>(what: string, run: () => Promise<T>): Promise<{ value?: T; error?: unknown; outcome?: string }> {
    try {
      const value = await run();
      this.note(`${what}: done${value === undefined ? "" : `, ${JSON.stringify(value)}`}`);
      return { value: value as T };
    } catch (error) {
      if (error instanceof Refusal) {
        this.note(`${what}: refused by the application`);
        return { error };
      }
      if (!isSessionError(error)) throw error;
      this.note(`${what}: ${error.code}, ${error.outcome}`);
      assert.ok(error.outcome !== undefined, `${what} does not say what became of it (law 34)`);
      assert.ok(codes.has(error.code), `${what} failed with ${error.code}`);
      return { error, outcome: error.outcome };
    }
  }

  /** Whoever was told so before there was anything goes on being told so. */
  #checkGone(what: string, id: string | undefined, wasStored: boolean): void {
    const [who = ""] = what.split(" ");
    const isRight = !wasStored || this.mayHaveEnded(id) || this.#toldGone.has(who);
    assert.ok(isRight, `${what} found it gone, and nobody has ended it (law 94)`);
    this.#toldGone.add(who);
  }

  /** Whether something has begun that may end what is under this id: also by an id that leads there. */
  mayHaveEnded(id: string | undefined): boolean {
    const begun = this.ends.filter(({ word }) => word !== "not stored");
    return begun.some((end) => end.id === id || (end.to === undefined && this.#leadsTo(end.id).has(id)));
  }

  #leadsTo(id: string): Set<string | undefined> {
    const ids = new Set<string | undefined>([id]);
    for (const from of ids) for (const { id, to } of this.ends) if (id === from && to !== undefined) ids.add(to);
    return ids;
  }

  /** What somebody reads who has begun at `begunAt`. */
  checkRead(id: string, begunAt: number, wasStored: boolean, shown: Shown | undefined): void {
    if (shown === undefined) {
      assert.ok(!wasStored || this.mayHaveEnded(id), "a read found nothing, and nobody has ended it (law 94)");
      return;
    }
    const dead = this.ends.find((end) => end.id === id && end.word === "stored" && end.doneAt < begunAt && !end.until);
    assert.equal(dead, undefined, "a read found what has ended (law 92)");
    for (const { kind, tag, word, storedAt, seen } of this.changes) {
      if (word !== "stored" || storedAt > begunAt) continue;
      if (kind === "append") assert.ok(shown.list.includes(tag), `a read does not show ${tag} (law 85)`);
      if (kind === "take") assert.ok(!seen.some((message) => shown.messages.includes(message)), "came back (law 95)");
    }
    for (const tag of [...shown.attributes.values(), ...shown.list, ...shown.messages]) {
      const change = this.changes.find((candidate) => candidate.tag === tag);
      assert.ok(change && change.begunAt < Infinity, `${String(tag)} was never saved`);
    }
  }

  /** What is found when all is over. */
  checkLast(shown: Shown): void {
    for (const name of new Set(this.#of("set", "delete").map((change) => change.name))) {
      this.#checkAttribute(name, shown.attributes.get(name));
    }
    this.#checkList(shown.list);
    this.#checkMessages(shown.messages);
  }

  #of(...kinds: Change["kind"][]): Change[] {
    return this.changes.filter(({ kind }) => kinds.includes(kind));
  }

  /** Of one attribute the last one stays, laws 85, 86, 89, 90, 93, 100, 101 and 102. */
  #checkAttribute(name: string, value: unknown): void {
    const all = this.#of("set", "delete").filter((change) => change.name === name);
    const last = all.filter((change) => !all.some((other) => other.word === "stored" && isAfter(other, change)));
    const possible = last
      .filter(({ word }) => word !== "not stored")
      .map(({ kind, tag }) => (kind === "set" ? tag : undefined));
    if (!all.some(({ word }) => word === "stored")) possible.push(undefined);
    assert.ok(possible.includes(value as string), `${name} is ${String(value)}, not ${possible.join(" or ")} (law 85)`);
  }

  /** What was added by a function is there exactly once, laws 87, 89 and 91. */
  #checkList(list: readonly string[]): void {
    assert.equal(new Set(list).size, list.length, `counted twice: ${list} (law 87)`);
    const appended = this.#of("append");
    for (const change of appended) {
      const at = list.indexOf(change.tag);
      if (change.word === "stored") assert.ok(at >= 0, `${change.tag} is not in the list (law 85)`);
      if (change.word === "not stored") assert.ok(at < 0, `${change.tag} is in the list (law 34)`);
      if (change.place !== undefined) assert.equal(at + 1, change.place, `the place of ${change.tag} (law 87)`);
      const earlier = appended.filter((other) => list.includes(other.tag) && at >= 0 && isAfter(change, other));
      for (const { tag } of earlier) assert.ok(list.indexOf(tag) < at, `${tag} is behind ${change.tag}`);
    }
  }

  /** Law 95. */
  #checkMessages(messages: readonly string[]): void {
    assert.equal(new Set(messages).size, messages.length, `a message is there twice: ${messages}`);
    const takes = this.#of("take");
    for (const { tag, word } of this.#of("add")) {
      const isThere = messages.includes(tag);
      const taken = takes.filter(({ seen }) => seen.includes(tag));
      if (word === "not stored") assert.ok(!isThere, `${tag} is there (law 34)`);
      if (word === "stored" && !isThere) {
        assert.ok(
          taken.some((take) => take.word !== "not stored"),
          `${tag} is gone, and nobody has taken it (law 95)`,
        );
      }
      if (isThere) assert.ok(!taken.some((take) => take.word === "stored"), `${tag} has come back (law 95)`);
    }
  }
}

/** The list of tags, which nothing else is stored as. */
export function listOf(value: unknown): string[] {
  return (value ?? []) as string[];
}

const codes = new Set(["timeout", "unavailable", "conflict", "gone", "aborted", "read_only"]);

function isAfter(one: Change, other: Change): boolean {
  if (one.maker === other.maker) return one !== other && numberOf(one) > numberOf(other);
  return one.begunAt > other.storedAt && other.storedAt < Infinity;
}

function numberOf({ tag }: Change): number {
  return Number(tag.split(" ").at(-1));
}
