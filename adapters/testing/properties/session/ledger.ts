import { isSessionError } from "sessionwire";
import { print } from "../../print.ts";
import { BrokenLaw, holds } from "../contract.ts";
import {
  type AttemptResult,
  Refusal,
  type SessionChange,
  type SessionEnd,
  type SessionLook,
  type SessionView,
} from "./ledger-entries.ts";

/**
 * The answers that the clients of one session received, from which its expected content follows.
 *
 * @public
 */
export class SessionLedger {
  /** All changes, in order. */
  readonly changes: SessionChange[] = [];
  /** All events that end it. */
  readonly ends: SessionEnd[] = [];
  /** The history, in words. */
  readonly history: string[] = [];
  /** The id that was reported last. */
  id: string | undefined;
  /** `true` if it is known to be stored. */
  isStored = false;
  readonly #toldGone = new Set<string>();
  #time = 0;

  constructor(id: string | undefined) {
    this.id = id;
  }

  /** Returns a time after all earlier ones. */
  now(): number {
    this.#time += 1;
    return this.#time;
  }

  /** Adds a line to the history. */
  note(line: string): void {
    this.history.push(line);
  }

  /** Records a change that nobody has tried to store yet. */
  add(kind: SessionChange["kind"], name: string, maker: object, seen: readonly string[] = []): SessionChange {
    const tag = `${name} ${this.changes.length + 1}`;
    const unsaved = { word: "not stored", begunAt: Infinity, storedAt: Infinity, isDiscarded: false } as const;
    const change: SessionChange = { kind, name, maker, seen, tag, ...unsaved };
    this.changes.push(change);
    return change;
  }

  /** Tries to store the changes under an id, and records the answer. */
  async attempt<T>(
    what: string,
    id: string | undefined,
    changes: readonly SessionChange[],
    run: () => Promise<T>,
  ): Promise<AttemptResult<T>> {
    const begunAt = this.now();
    const wasStored = this.isStored;
    // A call given up earlier may have stored them since, so that nothing is left to do.
    const isNeeded = changes.some(({ word }) => word === "not stored");
    for (const change of changes) change.begunAt = Math.min(change.begunAt, begunAt);
    const result = await this.#told(what, run);
    const now = this.now();
    if ("value" in result && isNeeded) {
      holds(92, this.#deathOf(id, begunAt) === undefined, `${what} was acknowledged after the end`);
    }
    if (isSessionError(result.error) && result.error.code === "gone") this.#checkGone(what, id, wasStored);
    for (const change of changes) {
      if (change.word === "stored") continue;
      if ("value" in result && !change.isDiscarded) Object.assign(change, { word: "stored", storedAt: now });
      else if ("value" in result || result.outcome === "unknown") change.word = "unknown";
    }
    this.isStored ||= changes.some(({ word }) => word === "stored");
    return result;
  }

  /**
   * Ends the session under an id, and records the answer. `run` resolves to the id under which it continues, if it
   * does.
   */
  async attemptEnd(
    what: string,
    id: string,
    until: number,
    run: () => Promise<string | undefined>,
  ): Promise<AttemptResult<string | undefined>> {
    const end: SessionEnd = { id, until, begunAt: this.now(), doneAt: Infinity, word: "unknown" };
    this.ends.push(end);
    const result = await this.#told(what, run);
    end.word = "value" in result ? "stored" : result.outcome === "unknown" ? "unknown" : "not stored";
    if (!("value" in result)) return result;
    end.doneAt = this.now();
    if (result.value === undefined) return result;
    const earlier = this.#deathOf(id, end.begunAt);
    holds(
      earlier?.to === undefined ? 96 : 97,
      earlier === undefined,
      `${what} moved a session that had ended or moved`,
    );
    end.to = result.value;
    return result;
  }

  /** Records that this id has ended, whatever may have been under way. */
  hasEnded(id: string): void {
    this.ends.push({ id, until: 0, begunAt: this.now(), doneAt: this.now(), word: "stored" });
  }

  /** Records that this id may have ended, or may yet end. */
  mayEnd(id: string): void {
    this.ends.push({ id, until: 0, begunAt: this.now(), doneAt: Infinity, word: "unknown" });
  }

  /**
   * Returns true if an action has begun that may end the session under this id, including actions by an id that leads
   * there.
   */
  mayHaveEnded(id: string | undefined): boolean {
    const begun = this.ends.filter(({ word }) => word !== "not stored");
    return begun.some((end) => end.id === id || (end.to === undefined && this.#leadsTo(end.id).has(id)));
  }

  /** Checks what a viewer has seen. */
  checkLook({ id, begunAt, wasStored, view, unsaved = [], law = 85 }: SessionLook): void {
    if (view === undefined) {
      holds(94, !wasStored || this.mayHaveEnded(id), "A look found nothing, although nobody has ended the session");
      return;
    }
    const dead = this.ends.find((end) => end.id === id && end.word === "stored" && end.doneAt < begunAt && !end.until);
    holds(92, dead === undefined, "A look found an ended session");
    for (const tag of [...view.attributes.values(), ...view.list, ...view.messages]) {
      const change = this.changes.find((candidate) => candidate.tag === tag);
      const isKnown = change && (change.begunAt < Infinity || unsaved.includes(change));
      holds(34, isKnown === true, `${print(tag)} is present but was never saved`);
    }
    for (const change of this.changes.filter(({ word, storedAt }) => word === "stored" && storedAt < begunAt)) {
      this.#checkSeen(change, view, unsaved, law);
    }
    for (const name of this.#attributes()) {
      if (unsaved.some((change) => change.name === name)) continue;
      this.#checkAttribute(name, view.attributes.get(name), law, begunAt);
    }
  }

  /** Checks the list that was shown to a function that started at this moment. */
  checkListShown(list: readonly string[], begunAt: number): void {
    for (const { tag, word, storedAt } of this.#of("append")) {
      const mustBe = word === "stored" && storedAt < begunAt;
      holds(85, !mustBe || list.includes(tag), `A function does not see ${tag}`);
    }
  }

  /** Checks the final state. */
  checkLast(view: SessionView): void {
    for (const name of this.#attributes()) this.#checkAttribute(name, view.attributes.get(name), 85);
    this.#checkList(view.list);
    this.#checkMessages(view.messages);
  }

  #checkSeen(change: SessionChange, view: SessionView, unsaved: readonly SessionChange[], law: number): void {
    const { kind, tag, seen } = change;
    if (kind === "append") holds(law, view.list.includes(tag), `A look does not show ${tag}`);
    if (kind === "take") holds(95, !seen.some((message) => view.messages.includes(message)), "A message has come back");
    if (kind !== "add") return;
    const takes = this.#of("take").filter((take) => take.begunAt < Infinity || unsaved.includes(take));
    const isTaken = takes.some((take) => take.seen.includes(tag));
    holds(law === 85 ? 95 : law, isTaken || view.messages.includes(tag), `A look does not show the message ${tag}`);
  }

  #deathOf(id: string | undefined, begunAt: number): SessionEnd | undefined {
    return this.ends.find((end) => end.id === id && end.word === "stored" && end.doneAt < begunAt);
  }

  async #told<T>(what: string, run: () => Promise<T>): Promise<AttemptResult<T>> {
    try {
      const value = await run();
      this.note(`${what}: done${value === undefined ? "" : `, ${print(value)}`}`);
      return { value };
    } catch (error) {
      if (error instanceof Refusal) {
        this.note(`${what}: refused by the application`);
        return { error };
      }
      if (error instanceof BrokenLaw) throw error;
      holds(33, isSessionError(error), `${what} has failed with ${String(error)}`);
      if (!isSessionError(error)) throw error;
      this.note(`${what}: ${error.code}, ${error.outcome}`);
      holds(34, error.outcome !== undefined, `${what} has failed without stating an outcome`);
      holds(33, codes.has(error.code), `${what} has failed with code ${error.code}, which has no possible cause here`);
      return { error, outcome: error.outcome };
    }
  }

  /** A caller that was told so before the session existed continues to be told so. */
  #checkGone(what: string, id: string | undefined, wasStored: boolean): void {
    const [who = ""] = what.split(" ");
    const isRight = !wasStored || this.mayHaveEnded(id) || this.#toldGone.has(who);
    holds(94, isRight, `${what} found it gone, although nobody has ended it`);
    this.#toldGone.add(who);
  }

  #leadsTo(id: string): Set<string | undefined> {
    const ids = new Set<string | undefined>([id]);
    for (const from of ids) for (const { id, to } of this.ends) if (id === from && to !== undefined) ids.add(to);
    return ids;
  }

  #of(...kinds: SessionChange["kind"][]): SessionChange[] {
    return this.changes.filter(({ kind }) => kinds.includes(kind));
  }

  #attributes(): Set<string> {
    return new Set(this.#of("set", "delete").map(({ name }) => name));
  }

  /** Checks that the last change of an attribute stays. Before the end, changes under way may also be present. */
  #checkAttribute(name: string, value: unknown, law: number, begunAt = Infinity): void {
    const all = this.#of("set", "delete").filter((change) => change.name === name);
    const isStored = ({ word, storedAt }: SessionChange) => word === "stored" && storedAt < begunAt;
    const mayBe = (change: SessionChange) =>
      change.word !== "not stored" || (begunAt < Infinity && change.begunAt < Infinity);
    const last = all.filter((change) => !all.some((other) => isStored(other) && isAfter(other, change)));
    const possible = last.filter(mayBe).map(({ kind, tag }) => (kind === "set" ? tag : undefined));
    if (!all.some(isStored)) possible.push(undefined);
    const isDeleted = possible.every((each) => each === undefined);
    const says = `${name} is ${print(value)}, not ${possible.map(print).join(" or ")}`;
    holds(isDeleted ? 86 : law, possible.includes(value as string), says);
  }

  /** Checks that every addition of a function is present exactly once. */
  #checkList(list: readonly string[]): void {
    holds(87, new Set(list).size === list.length, `An entry was counted twice: ${list}`);
    const appended = this.#of("append");
    for (const change of appended) {
      const at = list.indexOf(change.tag);
      if (change.word === "stored") holds(85, at >= 0, `${change.tag} is not in the list`);
      if (change.word === "not stored") holds(34, at < 0, `${change.tag} is in the list, but was not stored`);
      if (change.place !== undefined)
        holds(87, at + 1 === change.place, `${change.tag} has another place than was reported`);
      const earlier = appended.filter((other) => list.includes(other.tag) && at >= 0 && isAfter(change, other));
      for (const { tag } of earlier) holds(87, list.indexOf(tag) < at, `${tag} is behind ${change.tag}`);
    }
  }

  #checkMessages(messages: readonly string[]): void {
    holds(95, new Set(messages).size === messages.length, `A message is present twice: ${messages}`);
    const takes = this.#of("take");
    for (const { tag, word } of this.#of("add")) {
      const isThere = messages.includes(tag);
      const taken = takes.filter(({ seen }) => seen.includes(tag));
      if (word === "not stored") holds(34, !isThere, `The message ${tag} is present, but was not stored`);
      const mayBeTaken = taken.some((take) => take.word !== "not stored");
      if (word === "stored")
        holds(95, isThere || mayBeTaken, `The message ${tag} is gone, although nobody has taken it`);
      const isTaken = taken.some((take) => take.word === "stored");
      holds(95, !isThere || !isTaken, `The message ${tag} has come back`);
    }
  }
}

/** The codes that an unreachable store, a conflict or an end leads to. */
const codes = new Set(["timeout", "unavailable", "conflict", "gone", "aborted", "read-only"]);

function isAfter(one: SessionChange, other: SessionChange): boolean {
  if (one.maker === other.maker) return one !== other && numberOf(one) > numberOf(other);
  return one.begunAt > other.storedAt && other.storedAt < Infinity;
}

function numberOf({ tag }: SessionChange): number {
  return Number(tag.split(" ").at(-1));
}
