import { holds } from "./contract.ts";

type Kind = "set" | "delete" | "append" | "add" | "take";

interface Change {
  readonly by: string;
  readonly kind: Kind;
  readonly name: string;
  readonly tag: string;
  /** The messages that a take has seen. */
  readonly seen: readonly string[];
  /** The place among the saves, once it was acknowledged. */
  savedAt?: number;
  /** It was under way when an answer was lost. */
  isDoubted: boolean;
}

/** What a session shows. */
export interface Content {
  readonly attributes: ReadonlyMap<string, unknown>;
  readonly list: readonly string[];
  readonly messages: readonly string[];
}

/** What those who change one session have been told of it. */
export class SessionLedger {
  id: string;
  end: "none" | "in doubt" | "acknowledged" = "none";
  readonly formerIds: string[] = [];
  readonly #changes: Change[] = [];
  #pending: Change[] = [];
  #tags = 0;
  #saves = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** Notes a change that is not saved yet; gives the text that stands for it. */
  made(by: string, kind: Kind, name: string, seen: readonly string[] = []): string {
    this.#tags += 1;
    const change = { by, kind, name, seen, tag: `${kind} ${this.#tags}`, isDoubted: false };
    this.#changes.push(change);
    this.#pending.push(change);
    return change.tag;
  }

  saved(by: string): void {
    this.#saves += 1;
    for (const change of this.#of(by)) change.savedAt = this.#saves;
    this.#drop(by);
  }

  doubted(by: string): void {
    for (const change of this.#of(by)) change.isDoubted = true;
  }

  /** What has not been saved by now never will be by that one; what is in doubt may have been. */
  forget(by: string): void {
    this.#drop(by);
  }

  moved(by: string, id: string): void {
    this.saved(by);
    this.formerIds.push(this.id);
    this.id = id;
  }

  ended(): void {
    this.end = "acknowledged";
  }

  endInDoubt(): void {
    if (this.end === "none") this.end = "in doubt";
  }

  hasChanges(by: string): boolean {
    return this.#of(by).length > 0;
  }

  /** The last change to an attribute that its maker has not saved. */
  unsaved(by: string, name: string): { readonly value: string | undefined } | undefined {
    const last = this.#of(by).findLast((change) => change.name === name);
    return last && { value: last.kind === "delete" ? undefined : last.tag };
  }

  /** Compares what a session shows with what was acknowledged. */
  checkContent({ attributes, list, messages }: Content): void {
    this.#checkList(list);
    for (const by of ["A", "B"]) this.#checkOwn(`own ${by}`, attributes);
    this.#checkMessages(messages);
  }

  #checkList(list: readonly string[]): void {
    holds(87, new Set(list).size === list.length, "A function was counted twice");
    for (const change of this.#changes.filter(({ kind }) => kind === "append")) {
      const isThere = list.includes(change.tag);
      if (change.savedAt !== undefined) holds(85, isThere, "An acknowledged change is lost");
      else if (!change.isDoubted) holds(34, !isThere, "A change is there that was not applied");
    }
  }

  /** An attribute that one alone changes. */
  #checkOwn(name: string, attributes: ReadonlyMap<string, unknown>): void {
    const changes = this.#changes.filter((change) => change.name === name);
    const last = changes.findLast(({ savedAt }) => savedAt !== undefined);
    const after = last ? changes.slice(changes.indexOf(last) + 1) : changes;
    if (after.some(({ isDoubted }) => isDoubted)) return;
    const expected = last?.kind === "set" ? last.tag : undefined;
    holds(
      last?.kind === "delete" ? 86 : 85,
      attributes.get(name) === expected,
      `The attribute is ${attributes.get(name)}, not ${expected}`,
    );
  }

  #checkMessages(messages: readonly string[]): void {
    holds(95, new Set(messages).size === messages.length, "A message is there twice");
    const takes = this.#changes.filter(({ kind }) => kind === "take");
    for (const { tag, savedAt, isDoubted } of this.#changes.filter(({ kind }) => kind === "add")) {
      const taken = takes.filter(({ seen }) => seen.includes(tag));
      const isThere = messages.includes(tag);
      const mayBeTaken = taken.some((take) => take.savedAt !== undefined || take.isDoubted);
      if (savedAt !== undefined && !mayBeTaken) holds(95, isThere, "A message is lost that nobody has taken");
      if (taken.some((take) => take.savedAt !== undefined))
        holds(95, !isThere, "A message that was taken is there again");
      if (savedAt === undefined && !isDoubted) holds(34, !isThere, "A message is there that was not saved");
    }
  }

  #of(by: string): Change[] {
    return this.#pending.filter((change) => change.by === by);
  }

  #drop(by: string): void {
    this.#pending = this.#pending.filter((change) => change.by !== by);
  }
}
