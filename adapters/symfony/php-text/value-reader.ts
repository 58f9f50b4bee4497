import { corrupt } from "sessionwire/backend";
import type { Cursor } from "./cursor.ts";
import { readFloat } from "./floats.ts";
import { readInteger } from "./integers.ts";
import { arrayKey } from "./keys.ts";
import type { PhpEntry, PhpKey, PhpNode, PhpString, ReferenceNode, SameObjectNode } from "./nodes.ts";
import { readClassName, readEnum, readPayload, readPropertyCount } from "./objects.ts";
import { readEscapedString, readString } from "./strings.ts";

/** The number of levels that PHP reads with its default `unserialize_max_depth`. */
const MAX_DEPTH = 4096;

const COLON = 0x3a;
const SEMICOLON = 0x3b;
const OPENING = 0x7b;
const CLOSING = 0x7d;

const ARRAY = 0x61;
const BOOLEAN = 0x62;
const FLOAT = 0x64;
const INTEGER = 0x69;
const SAME_OBJECT = 0x72;
const STRING = 0x73;
const SERIALIZABLE = 0x43;
const ENUM = 0x45;
const NULL = 0x4e;
const OBJECT = 0x4f;
const REFERENCE = 0x52;
const ESCAPED_STRING = 0x53;

/** An array, or an object with its class, of which members are missing. */
interface Open {
  readonly className: PhpString | undefined;
  readonly start: number;
  readonly slot: number;
  readonly entries: PhpEntry[];
  missing: number;
  /** The key of the member that is being read. */
  key: PhpKey;
  keyStart: number;
}

/** Reads values one after the other, and numbers them over all. */
export class ValueReader {
  /** The values by their slots. */
  readonly slots: (PhpNode | undefined)[] = [undefined];
  /** All `r:` and `R:`, in reading order. */
  readonly references: (SameObjectNode | ReferenceNode)[] = [];
  firstSerializable: number | undefined;
  readonly #cursor: Cursor;
  /** A stack of its own, because that of the runtime may be too small for all levels of PHP. */
  readonly #open: Open[] = [];

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** Reads the value at the cursor. */
  read(): PhpNode {
    for (;;) {
      let node = this.#readNext();
      while (node !== undefined) {
        const parent = this.#open[this.#open.length - 1];
        if (parent === undefined) return node;
        parent.entries.push({ key: parent.key, value: node, start: parent.keyStart });
        parent.missing -= 1;
        node = parent.missing === 0 ? this.#close(parent) : undefined;
      }
      this.#readKey(this.#open[this.#open.length - 1] as Open);
    }
  }

  /** Reads a whole value, or the start of one with members, of which it returns nothing yet. */
  #readNext(): PhpNode | undefined {
    const cursor = this.#cursor;
    const start = cursor.at;
    const slot = this.slots.length;
    switch (cursor.next()) {
      case STRING:
        return this.#add({ kind: "string", value: readString(cursor), start, end: cursor.at, slot });
      case INTEGER:
        return this.#add({ kind: "integer", value: readInteger(cursor), start, end: cursor.at, slot });
      case ARRAY:
        return this.#openArray(start);
      case FLOAT:
        return this.#add({ kind: "float", value: readFloat(cursor), start, end: cursor.at, slot });
      case BOOLEAN:
        return this.#add({ kind: "boolean", value: readBoolean(cursor), start, end: cursor.at, slot });
      case NULL:
        cursor.expect(SEMICOLON);
        return this.#add({ kind: "null", start, end: cursor.at, slot });
      case OBJECT:
        return this.#openObject(start);
      case ENUM:
        return this.#add({ kind: "enum", ...readEnum(cursor), start, end: cursor.at, slot });
      case SERIALIZABLE:
        return this.#readSerializable(start);
      case REFERENCE:
        return this.#refer({ kind: "reference", target: this.#readTarget(), start, end: cursor.at, slot: 0 });
      case SAME_OBJECT:
        return this.#add(this.#refer({ kind: "same-object", target: this.#readTarget(), start, end: cursor.at, slot }));
      case ESCAPED_STRING:
        return this.#add({ kind: "string", value: readEscapedString(cursor), start, end: cursor.at, slot });
      default:
        throw cursor.malformed();
    }
  }

  #add<T extends PhpNode>(node: T): T {
    this.slots.push(node);
    return node;
  }

  #refer<T extends SameObjectNode | ReferenceNode>(node: T): T {
    this.references.push(node);
    return node;
  }

  #openArray(start: number): PhpNode | undefined {
    const cursor = this.#cursor;
    cursor.expect(COLON);
    const count = cursor.count();
    cursor.expect(COLON);
    cursor.expect(OPENING);
    return this.#openWith(undefined, start, count);
  }

  #openObject(start: number): PhpNode | undefined {
    const className = readClassName(this.#cursor);
    return this.#openWith(className, start, readPropertyCount(this.#cursor));
  }

  #openWith(className: PhpString | undefined, start: number, count: number): PhpNode | undefined {
    const slot = this.slots.push(undefined) - 1;
    const open: Open = { className, start, slot, entries: [], missing: count, key: 0, keyStart: 0 };
    const isEmptyArray = className === undefined && count === 0;
    if (this.#open.length >= MAX_DEPTH && !isEmptyArray) throw corrupt(`it has more than ${MAX_DEPTH} levels`);
    this.#open.push(open);
    return count === 0 ? this.#close(open) : undefined;
  }

  /** Ends the innermost value that has members. */
  #close({ className, entries, start, slot }: Open): PhpNode {
    this.#open.length -= 1;
    this.#cursor.expect(CLOSING);
    const end = this.#cursor.at;
    const node: PhpNode =
      className === undefined
        ? { kind: "array", entries, start, end, slot }
        : { kind: "object", className, properties: entries, start, end, slot };
    this.slots[slot] = node;
    return node;
  }

  #readKey(open: Open): void {
    const cursor = this.#cursor;
    open.keyStart = cursor.at;
    const letter = cursor.next();
    if (letter === INTEGER) {
      open.key = readInteger(cursor);
    } else if (letter === STRING || letter === ESCAPED_STRING) {
      const key = letter === STRING ? readString(cursor) : readEscapedString(cursor);
      open.key = open.className === undefined ? arrayKey(key) : key;
    } else {
      throw cursor.malformed();
    }
  }

  /** Reads `:1;`, the slot of a value that has been read before or is being read. */
  #readTarget(): number {
    const cursor = this.#cursor;
    cursor.expect(COLON);
    const target = cursor.wrappingCount();
    cursor.expect(SEMICOLON);
    // Behind a `C:`, only PHP knows the numbers.
    const isKnown = target <= (this.firstSerializable ?? target);
    if (target === 0 || (isKnown && target >= this.slots.length))
      throw corrupt("it refers to a value that is not there");
    return target;
  }

  #readSerializable(start: number): PhpNode {
    const cursor = this.#cursor;
    const className = readClassName(cursor);
    const payload = readPayload(cursor);
    const slot = this.slots.length;
    this.firstSerializable ??= slot;
    return this.#add({ kind: "serializable", className, payload, start, end: cursor.at, slot });
  }
}

function readBoolean(cursor: Cursor): boolean {
  cursor.expect(COLON);
  const isTrue = cursor.skips(0x31);
  if (!isTrue) cursor.expect(0x30);
  cursor.expect(SEMICOLON);
  return isTrue;
}
