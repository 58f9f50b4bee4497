import type { Json, OpaqueValue } from "sessionwire";
import { opaqueBytes } from "sessionwire/backend";
import { bytesOf } from "../php-text/byte-sink.ts";
import { latinTextOf } from "../php-text/byte-strings.ts";
import type { PhpNode } from "../php-text/nodes.ts";
import { frozen } from "./frozen.ts";
import { minBytesOf } from "./min-bytes.ts";
import { Properties } from "./properties.ts";

/**
 * The kinds of a {@link PhpValue}.
 *
 * - `object`, `enum`: an instance of a class, or a case of an enumeration.
 * - `serializable`: an object of a class that implements `Serializable`, whose payload only that class can read.
 * - `integer`: an integer beyond 2^53, or one created by `php.int`.
 * - `float`: infinity or NaN, or a float created by `php.float`.
 * - `string`: a string that is not UTF-8, or one created by `php.bytes`.
 * - `array`: an array with a key that is not UTF-8, or more than 100 levels down, or created by `php.list` or
 *   `php.map`.
 * - `reference`: another name of the same PHP variable (`&$a`).
 *
 * @public
 */
export type PhpValueKind = "object" | "enum" | "serializable" | "integer" | "float" | "string" | "array" | "reference";

/** Converts the values of the session that a value belongs to. */
export interface ValueSource {
  /** Converts a value to JSON. */
  of(node: PhpNode): Json;
  /** Returns the value to which a reference refers, if that is known. */
  targetOf(node: PhpNode): PhpNode | undefined;
}

// Assigned by the class, which alone reaches its private members.
/** Creates a value that is not plain data. */
export let createPhpValue: (node: PhpNode, source: ValueSource) => PhpValue;
/** Checks if a value is one that this module has created. */
export let isPhpValue: (value: unknown) => value is PhpValue;
/** Returns the node of a value. */
export let nodeIn: (value: PhpValue) => PhpNode;

/**
 * A value of a PHP session that JSON cannot represent. It never changes, and is written back byte for byte.
 *
 * @remarks
 * It may be set again, in the same attribute or in another one. Its properties are read one by one, because an object
 * may contain itself: `user.get("address")`. Printing shows only the kind and the class, and `JSON.stringify` throws,
 * so that no password hash reaches a log or a page by accident.
 *
 * @public
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: with isolated declarations, a class cannot declare the property itself
export class PhpValue {
  static {
    createPhpValue = (node, source) => new PhpValue(node, source);
    isPhpValue = (value): value is PhpValue => typeof value === "object" && value !== null && #node in value;
    nodeIn = (value) => value.#node;
    // A getter of the prototype: calculated on demand, and not printed.
    Object.defineProperty(PhpValue.prototype, opaqueBytes, {
      get(this: PhpValue) {
        return minBytesOf(this.#node);
      },
    });
  }

  /** The kind of the value. */
  readonly kind: PhpValueKind;
  /** The class of the object, or the enumeration of the case. */
  declare readonly className?: string;
  /** The name of the case of an enumeration. */
  declare readonly caseName?: string;
  readonly #node: PhpNode;
  readonly #source: ValueSource;
  /** Made when somebody asks for one. */
  #properties: Properties | undefined;

  private constructor(node: PhpNode, source: ValueSource) {
    this.kind = kindOf(node);
    if ("className" in node) this.className = latinTextOf(node.className);
    if ("caseName" in node) this.caseName = latinTextOf(node.caseName);
    this.#node = node;
    this.#source = source;
    Object.freeze(this);
  }

  /** The value of an integer, a float or a UTF-8 string, or the target of a reference; otherwise `undefined`. */
  get value(): Json | bigint | undefined {
    const node = this.#node;
    if (node.kind === "integer" || node.kind === "float") return node.value;
    if (node.kind === "string") return typeof node.value === "string" ? node.value : undefined;
    const target = this.#source.targetOf(node);
    return target && frozen(this.#source.of(target));
  }

  /** A copy of the bytes of a string, or of the payload of a `Serializable` object; otherwise `undefined`. */
  get bytes(): Uint8Array | undefined {
    const node = this.#node;
    if (node.kind === "string") return bytesOf(node.value).slice();
    return node.kind === "serializable" ? node.payload.slice() : undefined;
  }

  /** Returns the names of an object's properties, or the keys of an array, in PHP's order. */
  names(): string[] {
    return this.#named.names;
  }

  /**
   * Returns the value of a property of any visibility, or of an array member; `undefined` if there is none. A class and
   * its parent may each have a private property with this name: `className` selects one.
   */
  get(name: string, className?: string): Json | undefined {
    const node = this.#named.at(name, className);
    return node && frozen(this.#source.of(node));
  }

  get #named(): Properties {
    this.#properties ??= new Properties(this.#node);
    return this.#properties;
  }

  /** Throws a `TypeError`: JSON cannot represent the value. */
  toJSON(): never {
    throw new TypeError("JSON cannot represent a PHP value. Read what is needed from it, for instance by `get`.");
  }
}

/**
 * Marks the value as opaque to sessions.
 *
 * @public
 */
export interface PhpValue extends OpaqueValue {}

function kindOf({ kind }: PhpNode): PhpValueKind {
  if (kind === "same-object") return "reference"; // to an unknown target
  return kind === "null" || kind === "boolean" ? "reference" : kind;
}
