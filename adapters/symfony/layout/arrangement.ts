import { entriesOf } from "../php-text/entries-of.ts";
import { MAX_DEPTH, type PhpEntry, type PhpNode, type ReferenceNode } from "../php-text/nodes.ts";
import { ForeignValue } from "./foreign-value.ts";
import { Members } from "./members.ts";
import type { Origin } from "./origin.ts";
import type { Placement } from "./placement.ts";
import { lostTarget, movedReference, tooDeep } from "./refusals.ts";

/** An array or object, or the session itself, whose members are being placed. */
interface Level {
  readonly entries: readonly PhpEntry[];
  /** The number of members that have been placed. */
  placed: number;
  /** `true` if the keys are in the original. */
  readonly hasKeys: boolean;
  /** `true` if the members are the same as in the original. */
  readonly isKept: boolean;
  /** The members of the original array that this one replaces. */
  readonly before: Members | undefined;
  /** The value of another session to which this one belongs. */
  readonly foreign: ForeignValue | undefined;
}

/** Places the values of an edited session in reading order, and numbers them as PHP does. */
export class Arrangement {
  readonly placements: Placement[] = [];
  readonly #origin: Origin;
  /** An explicit stack, as the call stack is too small for all levels of PHP. */
  readonly #levels: Level[] = [];
  /** The first occurrences of objects, which are written in full. */
  readonly #firsts = new Map<PhpNode, Placement>();
  /** The placements of the targets of `R:`. */
  readonly #targets = new Map<PhpNode, Placement>();
  #slots: number;

  /** The number of arrays around all values: one with `php_serialize`. */
  readonly #outer: number;

  /** `entries` are those of the session, with nodes of the original among others. */
  constructor(origin: Origin, entries: readonly PhpEntry[]) {
    this.#origin = origin;
    this.#outer = origin.session.serializer === "php_serialize" ? 1 : 0;
    this.#slots = this.#outer;
    this.#levels.push({
      entries,
      placed: 0,
      hasKeys: false,
      isKept: false,
      before: new Members(origin.session.entries),
      foreign: undefined,
    });
    for (let level = this.#levels.at(-1); level; level = this.#levels.at(-1)) {
      const entry = level.entries[level.placed];
      level.placed += 1;
      if (entry) this.#place(entry, level);
      else this.#levels.pop();
    }
  }

  #place(entry: PhpEntry, level: Level): void {
    const { key, value: source } = entry;
    const before = level.isKept ? source : level.before?.at(key);
    const isOwned = this.#origin.owns(source);
    const isForeign = !isOwned && source.end > 0 && !this.#firsts.has(source);
    const foreign = level.foreign ?? (isForeign ? new ForeignValue(source) : undefined);
    const at = { entry, level, before, foreign, isInPlace: isOwned && before === source };
    if (source.kind === "reference") this.#placeReference(source, at);
    else if (source.kind !== "same-object") this.#placeValue(source, at);
    else {
      const object = (foreign ?? this.#origin).targetOf(source);
      if (object) this.#placeValue(object, at);
      else this.#add(source, at, "verbatim");
    }
  }

  /** An object is written in full only once, at its first occurrence. */
  #placeValue(node: PhpNode, at: Destination): void {
    const first = this.#firsts.get(node);
    if (first) {
      this.#add(node, at, "same-object", first);
      return;
    }
    const placement = this.#add(node, at, "value");
    if (isObject(node)) this.#firsts.set(node, placement);
    if (node.kind === "array" || node.kind === "object") this.#open(node, at);
  }

  /** An object stays the same when it is moved, and so do its members. A moved array is a copy. */
  #open(node: PhpNode, { before, foreign, isInPlace }: Destination): void {
    if (this.#levels.length + this.#outer > MAX_DEPTH) throw tooDeep();
    const isOwned = this.#origin.owns(node);
    const isNew = node.end === 0;
    this.#levels.push({
      entries: entriesOf(node),
      placed: 0,
      hasKeys: isOwned,
      isKept: isOwned && (node.kind === "object" || isInPlace),
      before: isNew && before?.kind === "array" ? new Members(before.entries) : undefined,
      foreign,
    });
  }

  #placeReference(node: ReferenceNode, at: Destination): void {
    if (!at.foreign && !at.isInPlace) throw movedReference();
    const target = (at.foreign ?? this.#origin).targetOf(node);
    if (target === undefined) {
      this.#add(node, at, "verbatim");
      return;
    }
    const first = this.#targets.get(target);
    if (first === undefined) throw lostTarget();
    this.#add(node, at, "reference", first);
  }

  #add(node: PhpNode, at: Destination, form: Placement["form"], first?: Placement): Placement {
    const { entry, foreign, level, isInPlace } = at;
    const source = entry.value;
    const hasSlot = source.kind !== "reference";
    if (hasSlot) this.#slots += 1;
    const placement: Placement = {
      key: entry.key,
      keyStart: level.hasKeys ? entry.start : undefined,
      source,
      node,
      form,
      first,
      slot: hasSlot ? this.#slots : 0,
      size: form === "value" ? entriesOf(node).length : 0,
      isKept: this.#origin.owns(node),
    };
    this.placements.push(placement);
    if (foreign ? foreign.isTarget(source) : isInPlace && this.#origin.isTarget(source)) {
      this.#targets.set(source, placement);
    }
    return placement;
  }
}

/** The position of a value. */
interface Destination {
  readonly entry: PhpEntry;
  readonly level: Level;
  /** The value of the original at this position. */
  readonly before: PhpNode | undefined;
  readonly foreign: ForeignValue | undefined;
  /** `true` if the value has the same position in the original. */
  readonly isInPlace: boolean;
}

function isObject({ kind }: PhpNode): boolean {
  return kind === "object" || kind === "enum" || kind === "serializable";
}
