/** A string of PHP, which consists of bytes: text if they are well-formed UTF-8, otherwise the bytes. */
export type PhpString = string | Uint8Array;

/** An integer of PHP, which has 64 bits: a bigint outside the range in which a number is exact. */
export type PhpInteger = number | bigint;

/**
 * A key of an array or the name of a property. In an array, a string that looks like a decimal integer has become an
 * integer.
 */
export type PhpKey = PhpInteger | PhpString;

/** The place from which a node was read. It is flat, because a session has as many as values. */
export interface Place {
  /** The offset of the first byte of the value in the bytes of its session; 0 if an application has made the node. */
  readonly start: number;
  /** The offset behind the last byte of the value; 0 if an application has made the node. */
  readonly end: number;
  /**
   * The number by which references refer to the value, from 1 over the whole session in reading order; 0 for a value
   * that has none: an `R:`, or one that an application has made.
   */
  readonly slot: number;
}

/** The place of a node that an application has made. */
export const NOWHERE: Place = { start: 0, end: 0, slot: 0 };

export interface NullNode extends Place {
  readonly kind: "null";
}

export interface BooleanNode extends Place {
  readonly kind: "boolean";
  readonly value: boolean;
}

export interface IntegerNode extends Place {
  readonly kind: "integer";
  readonly value: PhpInteger;
}

export interface FloatNode extends Place {
  readonly kind: "float";
  readonly value: number;
}

export interface StringNode extends Place {
  readonly kind: "string";
  readonly value: PhpString;
}

export interface PhpEntry {
  readonly key: PhpKey;
  readonly value: PhpNode;
  /** The offset of the key, which ends where the value starts; 0 if an application has made the entry. */
  readonly start: number;
}

/** An array: ordered, with keys. Of entries with the same key, the last one counts. */
export interface ArrayNode extends Place {
  readonly kind: "array";
  readonly entries: readonly PhpEntry[];
}

/** An object, `O:`. A property that is not public has a name with NUL bytes: `\0*\0name` or `\0Class\0name`. */
export interface ObjectNode extends Place {
  readonly kind: "object";
  readonly className: PhpString;
  readonly properties: readonly PhpEntry[];
}

/** An object that has serialized itself, `C:`. Its payload may contain values, with numbers that nobody else knows. */
export interface SerializableNode extends Place {
  readonly kind: "serializable";
  readonly className: PhpString;
  readonly payload: Uint8Array;
}

/** A case of an enumeration, `E:`. */
export interface EnumNode extends Place {
  readonly kind: "enum";
  readonly className: PhpString;
  readonly caseName: PhpString;
}

/** The same object once more, `r:`. It has a number of its own. */
export interface SameObjectNode extends Place {
  readonly kind: "same-object";
  /** The slot of the object. */
  readonly target: number;
  /** `false` if the number is one behind a `C:`, so that only PHP knows the object. */
  readonly isKnown: boolean;
}

/** Another name of the same variable, `R:`. */
export interface ReferenceNode extends Place {
  readonly kind: "reference";
  /** The slot of the value. */
  readonly target: number;
  /** `false` if the number is one behind a `C:`, so that only PHP knows the value. */
  readonly isKnown: boolean;
}

/** A value as `serialize()` of PHP writes it. */
export type PhpNode =
  | NullNode
  | BooleanNode
  | IntegerNode
  | FloatNode
  | StringNode
  | ArrayNode
  | ObjectNode
  | SerializableNode
  | EnumNode
  | SameObjectNode
  | ReferenceNode;
