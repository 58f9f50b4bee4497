import { corrupt } from "sessionwire/backend";
import type { Cursor } from "./cursor.ts";
import { readFloat } from "./floats.ts";
import { readInteger } from "./integers.ts";
import { arrayKey } from "./keys.ts";
import { KnownKeys } from "./known-keys.ts";
import {
  MAX_DEPTH,
  type PhpKey,
  type PhpNode,
  type PhpString,
  type ReferenceNode,
  type SameObjectNode,
} from "./nodes.ts";
import { readClassName, readEnum, readPayload, readPropertyCount } from "./objects.ts";
import { Positions } from "./positions.ts";
import { ReadArray, ReadObject } from "./read-containers.ts";
import { nodeOf, type ReadSource, type ReadValue } from "./read-values.ts";
import { readEscapedString, readName, readString } from "./strings.ts";

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

/** An array or object whose members are not complete yet. */
interface Open {
  readonly container: ReadArray | ReadObject;
  readonly count: number;
  read: number;
  /** The key of the current member. */
  key: PhpKey;
}

/** Reads consecutive values and numbers them continuously. */
export class ValueReader implements ReadSource {
  readonly bytes: Uint8Array;
  readonly positions: Positions;
  /** All `r:` and `R:`, in reading order. */
  readonly references: (SameObjectNode | ReferenceNode)[] = [];
  firstSerializable: number | undefined;
  readonly #cursor: Cursor;
  /** An explicit stack, as the call stack may be too small for all levels of PHP. */
  readonly #open: Open[] = [];
  readonly #knownKeys = new KnownKeys();
  /** The slots of objects, by the slots of the `r:` that repeat them. */
  readonly #sameObjects = new Map<number, number>();

  constructor(cursor: Cursor) {
    this.bytes = cursor.bytes;
    this.positions = new Positions(cursor.bytes.length);
    this.#cursor = cursor;
  }

  /** Reads the value at the cursor. */
  read(): PhpNode {
    const slot = this.positions.count;
    for (;;) {
      let value = this.#readNext();
      while (value !== undefined) {
        const parent = this.#open[this.#open.length - 1];
        if (parent === undefined) return nodeOf(value, this, slot);
        parent.container.set(parent.read, parent.count, parent.key, value);
        parent.read += 1;
        value = parent.read === parent.count ? this.#close(parent.container) : undefined;
      }
      this.#readKey(this.#open[this.#open.length - 1] as Open);
    }
  }

  /** Reads a value. If it has members, reads only its start, and returns nothing yet. */
  #readNext(): ReadValue | undefined {
    const cursor = this.#cursor;
    const start = cursor.at;
    switch (cursor.next()) {
      case STRING:
        return this.#add(start, readString(cursor));
      case INTEGER:
        return this.#add(start, readInteger(cursor));
      case ARRAY:
        return this.#openArray(start);
      case FLOAT:
        return this.#add(start, readFloat(cursor));
      case BOOLEAN:
        return this.#add(start, readBoolean(cursor));
      case NULL:
        cursor.expect(SEMICOLON);
        return this.#add(start, null);
      case OBJECT:
        return this.#openObject(start);
      case ENUM:
        return this.#add(start, { kind: "enum", ...readEnum(cursor), ...this.#position(start) });
      case SERIALIZABLE:
        return this.#readSerializable(start);
      case REFERENCE:
        return this.#readReference(start);
      case SAME_OBJECT:
        return this.#readSameObject(start);
      case ESCAPED_STRING:
        return this.#add(start, readEscapedString(cursor));
      default:
        throw cursor.malformed();
    }
  }

  #add(start: number, value: ReadValue): ReadValue {
    this.positions.add(start, this.#cursor.at);
    return value;
  }

  /** Returns the position of a value that has just been read, with the next slot. */
  #position(start: number) {
    return { start, end: this.#cursor.at, slot: this.positions.count };
  }

  #openArray(start: number): ReadValue | undefined {
    const cursor = this.#cursor;
    cursor.expect(COLON);
    const count = cursor.count();
    cursor.expect(COLON);
    cursor.expect(OPENING);
    return this.#openContainer(new ReadArray(this, start, this.positions.add(start, 0), count), count);
  }

  #openObject(start: number): ReadValue | undefined {
    const className = readClassName(this.#cursor);
    const count = readPropertyCount(this.#cursor);
    return this.#openContainer(new ReadObject(className, this, start, this.positions.add(start, 0), count), count);
  }

  #openContainer(container: ReadArray | ReadObject, count: number): ReadValue | undefined {
    // PHP does not count the level of an empty array.
    if (this.#open.length >= MAX_DEPTH && (count > 0 || container.kind === "object")) {
      throw corrupt(`it has more than ${MAX_DEPTH} levels`);
    }
    this.#open.push({ container, count, read: 0, key: 0 });
    return count === 0 ? this.#close(container) : undefined;
  }

  /** Ends the innermost open value. */
  #close(container: ReadArray | ReadObject): ReadValue {
    this.#open.length -= 1;
    this.#cursor.expect(CLOSING);
    container.end = this.#cursor.at;
    container.lastSlot = this.positions.count - 1;
    if (container.keys !== undefined) container.keys = this.#knownKeys.share(container.keys);
    return container;
  }

  #readKey(open: Open): void {
    const cursor = this.#cursor;
    const letter = cursor.next();
    if (letter === INTEGER) {
      open.key = readInteger(cursor);
    } else if (letter === STRING || letter === ESCAPED_STRING) {
      const key: PhpString = letter === STRING ? readName(cursor) : readEscapedString(cursor);
      open.key = open.container.kind === "array" ? arrayKey(key) : key;
    } else {
      throw cursor.malformed();
    }
  }

  #readReference(start: number): ReadValue {
    const target = this.#readTarget();
    const isKnown = this.#isKnown(target);
    const node: ReferenceNode = { kind: "reference", target, isKnown, ...this.#position(start), slot: 0 };
    this.references.push(node);
    return node;
  }

  /** An `r:` that refers to another one repeats the same object. */
  #readSameObject(start: number): ReadValue {
    const written = this.#readTarget();
    const target = this.#sameObjects.get(written) ?? written;
    const isKnown = this.#isKnown(target);
    const node: SameObjectNode = { kind: "same-object", target, isKnown, ...this.#position(start) };
    this.#sameObjects.set(node.slot, target);
    this.references.push(node);
    return this.#add(start, node);
  }

  /** Reads `:1;`, the slot of a value that has been read before or is being read. */
  #readTarget(): number {
    const cursor = this.#cursor;
    cursor.expect(COLON);
    const target = cursor.wrappingCount();
    cursor.expect(SEMICOLON);
    if (target === 0 || (this.#isKnown(target) && target >= this.positions.count)) {
      throw corrupt("it refers to a value that is not there");
    }
    return target;
  }

  /** After a `C:`, only PHP knows the numbers. */
  #isKnown(slot: number): boolean {
    return slot <= (this.firstSerializable ?? slot);
  }

  #readSerializable(start: number): ReadValue {
    const cursor = this.#cursor;
    const className = readClassName(cursor);
    const payload = readPayload(cursor);
    this.firstSerializable ??= this.positions.count;
    return this.#add(start, { kind: "serializable", className, payload, ...this.#position(start) });
  }
}

function readBoolean(cursor: Cursor): boolean {
  cursor.expect(COLON);
  const isTrue = cursor.skips(0x31);
  if (!isTrue) cursor.expect(0x30);
  cursor.expect(SEMICOLON);
  return isTrue;
}
