import type { ArrayNode, ObjectNode, PhpEntry, PhpKey, PhpNode, PhpString } from "./nodes.ts";
import { nodeOf, type ReadSource, type ReadValue } from "./read-values.ts";

const OPENING = 0x7b;

/** Maximum length for which memory is reserved on the claim of the text. */
const BELIEVED = 32;

/**
 * An array or object that has been read.
 *
 * @remarks
 * The values of its members are there at once, but the nodes of those without members are created on demand: an object
 * for each would take most of the time of reading.
 */
abstract class ReadContainer {
  readonly start: number;
  end = 0;
  readonly slot: number;
  /** The last slot inside it. */
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

  /** The members, as nodes. */
  protected get members(): readonly PhpEntry[] {
    this.#entries ??= this.#makeMembers();
    return this.#entries;
  }

  /** Appends a member. */
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

/** Returns the slot of the value after another one. */
export function slotBehind(node: PhpNode, slot: number): number {
  if (node instanceof ReadContainer) return node.lastSlot + 1;
  return node.kind === "reference" ? slot : slot + 1;
}

function keysUpTo(index: number, count: number, key: PhpKey): PhpKey[] {
  const keys = arrayOf<PhpKey>(count) as PhpKey[]; // all of them are set before they are read
  for (let before = 0; before < index; before += 1) keys[before] = before;
  keys[index] = key;
  return keys;
}

/** Creates a filled array: an empty one would be copied once it receives a fraction and then a string. */
function arrayOf<T>(count: number): (T | null)[] {
  return count <= BELIEVED ? new Array(count).fill(null) : [];
}
