import type { ArrayNode, ObjectNode, PhpEntry, PhpKey, PhpNode, PhpString } from "./nodes.ts";
import { nodeOf, type ReadSource, type ReadValue } from "./read-values.ts";

const OPENING = 0x7b;

/** The longest array that is made as long as the text claims. */
const BELIEVED = 32;

/**
 * An array or object that has been read.
 *
 * @remarks
 * It has the values of its members at once, and the nodes of those without members when somebody asks for them: objects for each would
 * take most of the time of reading.
 */
abstract class ReadContainer {
  readonly start: number;
  end = 0;
  readonly slot: number;
  /** The last slot within it. */
  lastSlot = 0;
  /** The keys; `undefined` while they are 0, 1, 2 and so on. */
  keys: PhpKey[] | undefined = undefined;
  readonly values: ReadValue[];
  readonly #source: ReadSource;
  #entries: readonly PhpEntry[] | undefined;

  constructor(source: ReadSource, start: number, slot: number, count: number) {
    this.#source = source;
    this.start = start;
    this.slot = slot;
    this.values = arrayOf<ReadValue>(count);
  }

  /** The members with their nodes. */
  protected get members(): readonly PhpEntry[] {
    this.#entries ??= this.#makeMembers();
    return this.#entries;
  }

  /** Adds a member. They come one after the other. */
  set(index: number, count: number, key: PhpKey, value: ReadValue): void {
    this.values[index] = value;
    if (this.keys !== undefined) this.keys[index] = key;
    else if (key !== index) this.keys = keysUpTo(index, count, key);
  }

  #makeMembers(): PhpEntry[] {
    let slot = this.slot + 1;
    let end = this.#source.bytes.indexOf(OPENING, this.start) + 1;
    return this.values.map((read, index) => {
      const start = end;
      const value = nodeOf(read, this.#source, slot);
      end = value.end;
      slot = slotBehind(value, slot);
      return { key: this.keys === undefined ? index : (this.keys[index] as PhpKey), value, start };
    });
  }
}

/** An array that has been read. */
export class ReadArray extends ReadContainer implements ArrayNode {
  readonly kind = "array";

  get entries(): readonly PhpEntry[] {
    return this.members;
  }
}

/** An object that has been read. */
export class ReadObject extends ReadContainer implements ObjectNode {
  readonly kind = "object";
  readonly className: PhpString;

  constructor(className: PhpString, source: ReadSource, start: number, slot: number, count: number) {
    super(source, start, slot, count);
    this.className = className;
  }

  get properties(): readonly PhpEntry[] {
    return this.members;
  }
}

/** Returns the slot of the value behind another one. */
export function slotBehind(node: PhpNode, slot: number): number {
  if (node instanceof ReadContainer) return node.lastSlot + 1;
  return node.kind === "reference" ? slot : slot + 1;
}

function keysUpTo(index: number, count: number, key: PhpKey): PhpKey[] {
  const keys = arrayOf<PhpKey>(count) as PhpKey[]; // all of them are set before somebody asks
  for (let before = 0; before < index; before += 1) keys[before] = before;
  keys[index] = key;
  return keys;
}

/** Filled, because an array that is empty at first is copied when a number with a fraction and a string come into it. */
function arrayOf<T>(count: number): (T | null)[] {
  return count <= BELIEVED ? new Array(count).fill(null) : [];
}
