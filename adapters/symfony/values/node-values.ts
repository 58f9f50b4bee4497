import type { Json } from "sessionwire";
import type { ArrayNode, PhpEntry, PhpKey, PhpNode } from "../php-text/nodes.ts";
import { ReadArray } from "../php-text/read-containers.ts";
import { isNode } from "../php-text/read-values.ts";
import type { PhpText } from "../php-text/session.ts";
import { isList, lastEntries } from "./entries.ts";
import { createPhpValue, nodeIn, type PhpValue, type ValueSource } from "./php-value.ts";

/** The number of levels of arrays that a value of a session may have. */
export const MAX_LEVELS = 100;

/**
 * The values of a text of PHP for the application: plain data where JSON can represent it, otherwise a `PhpValue`, the
 * same one at each occurrence of an object.
 */
export class NodeValues implements ValueSource {
  readonly #text: Pick<PhpText, "slots">;
  #known: Map<PhpNode, PhpValue> | undefined;

  constructor(text: Pick<PhpText, "slots">) {
    this.#text = text;
  }

  /** Converts a value. */
  of(node: PhpNode, levels: number = MAX_LEVELS): Json {
    switch (node.kind) {
      case "string":
        return typeof node.value === "string" ? node.value : this.#opaque(node);
      case "integer":
        return typeof node.value === "number" ? node.value : this.#opaque(node);
      case "float":
        return Number.isFinite(node.value) ? node.value : this.#opaque(node);
      case "boolean":
        return node.value;
      case "null":
        return null;
      case "array":
        return levels === 0 ? this.#opaque(node) : this.#array(node, levels - 1);
      default:
        return this.#opaque(this.objectOf(node));
    }
  }

  /** `true` while everything that was asked for is plain data. */
  get arePlain(): boolean {
    return this.#known === undefined;
  }

  /** Uses a value that exists already for its node. */
  adopt(value: PhpValue): PhpNode {
    const node = nodeIn(value);
    this.#known ??= new Map();
    this.#known.set(node, value);
    return node;
  }

  /** Returns the object that an `r:` repeats, or the node itself if it is no `r:` or the target is unknown. */
  objectOf(node: PhpNode): PhpNode {
    return node.kind === "same-object" ? (this.targetOf(node) ?? node) : node;
  }

  /** Returns the target of a reference. After a `C:`, it is unknown. */
  targetOf(node: PhpNode): PhpNode | undefined {
    return isReference(node) && node.isKnown ? this.#text.slots[node.target] : undefined;
  }

  #opaque(node: PhpNode): PhpValue {
    const known = this.#known?.get(node);
    if (known) return known;
    const value = createPhpValue(node, this);
    this.adopt(value);
    return value;
  }

  #array(node: ArrayNode, levels: number): Json {
    const keys = keysOf(node);
    return keys === undefined ? this.#list(node, levels) : this.#object(node, keys, levels);
  }

  #list(node: ArrayNode, levels: number): Json[] {
    const { length } = membersOf(node);
    const list: Json[] = new Array(length);
    for (let index = 0; index < length; index += 1) list[index] = this.#member(node, index, levels);
    return list;
  }

  #object(node: ArrayNode, keys: readonly PhpKey[], levels: number): Json {
    const object: Record<PropertyKey, Json> = {};
    let hasNames = false;
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] as PhpKey;
      const json = this.#member(node, index, levels);
      if (typeof key === "number") object[key] = json;
      else if (typeof key === "object") return this.#opaque(node);
      else {
        hasNames = true;
        setOwn(object, String(key), json);
      }
    }
    if (hasNames) return object;
    const once = lastEntries(node.entries);
    return isList(once) ? once.map(({ value }) => this.of(value, levels)) : object;
  }

  /** Converts a member without creating its node if it needs none. */
  #member(node: ArrayNode, index: number, levels: number): Json {
    if (node instanceof ReadArray) {
      const read = node.values[index];
      if (typeof read === "string" || typeof read === "boolean" || read === null) return read;
      if (typeof read === "number" && Number.isFinite(read)) return read;
      if (read !== undefined && isNode(read)) return this.of(read, levels);
    }
    return this.of((node.entries[index] as PhpEntry).value, levels);
  }
}

/** Returns the read values or the entries, one for each member. */
function membersOf(node: ArrayNode): readonly unknown[] {
  return node instanceof ReadArray ? node.values : node.entries;
}

/** Returns the keys; `undefined` if they are 0, 1, 2 and so on. */
function keysOf(node: ArrayNode): readonly PhpKey[] | undefined {
  if (node instanceof ReadArray) return node.keys;
  return isList(node.entries) ? undefined : node.entries.map(({ key }) => key);
}

function isReference(node: PhpNode): node is Extract<PhpNode, { target: number }> {
  return node.kind === "same-object" || node.kind === "reference";
}

/** Defines a member. Assigning to `__proto__` would change the prototype instead. */
function setOwn(object: Record<PropertyKey, Json>, name: string, value: Json): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
}
