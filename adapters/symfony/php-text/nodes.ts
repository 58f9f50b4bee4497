/** Maximum depth of nesting: the default `unserialize_max_depth` of PHP. */
export const MAX_DEPTH = 4096;

/** A PHP string, which consists of bytes: text if they are well-formed UTF-8, otherwise the bytes. */
export type PhpString = string | Uint8Array;

/** A PHP integer of 64 bits: a bigint outside the range in which a number is exact. */
export type PhpInteger = number | bigint;

/**
 * The key of an array member or the name of a property. In an array, a string that looks like a decimal integer is an
 * integer.
 */
export type PhpKey = PhpInteger | PhpString;

/** The position from which a node was read. Its members are part of the node, because a session has many of them. */
export interface Position {
  /** The offset of the first byte of the value in the bytes of its session; 0 if the application created the node. */
  readonly start: number;
  /** The offset after the last byte of the value; 0 if the application created the node. */
  readonly end: number;
  /**
   * The number by which references refer to the value, counted from 1 through the session in reading order; 0 for
   * values without one: an `R:`, or a value that the application created.
   */
  readonly slot: number;
}

/** The position of a node that the application created. */
export const NOWHERE: Position = { start: 0, end: 0, slot: 0 };

export interface NullNode extends Position {
  readonly kind: "null";
}

export interface BooleanNode extends Position {
  readonly kind: "boolean";
  readonly value: boolean;
}

export interface IntegerNode extends Position {
  readonly kind: "integer";
  readonly value: PhpInteger;
}

export interface FloatNode extends Position {
  readonly kind: "float";
  readonly value: number;
}

export interface StringNode extends Position {
  readonly kind: "string";
  readonly value: PhpString;
}

export interface PhpEntry {
  readonly key: PhpKey;
  readonly value: PhpNode;
  /** The offset of the key, which ends where the value starts; 0 if the application created the entry. */
  readonly start: number;
}

/** An ordered array with keys. The last of several entries with the same key wins. */
export interface ArrayNode extends Position {
  readonly kind: "array";
  readonly entries: readonly PhpEntry[];
}

/** An object, `O:`. The names of properties that are not public contain NUL bytes: `\0*\0name` or `\0Class\0name`. */
export interface ObjectNode extends Position {
  readonly kind: "object";
  readonly className: PhpString;
  readonly properties: readonly PhpEntry[];
}

/** A `Serializable` object, `C:`. Its payload may contain values, whose numbers only its class knows. */
export interface SerializableNode extends Position {
  readonly kind: "serializable";
  readonly className: PhpString;
  readonly payload: Uint8Array;
}

/** A case of an enumeration, `E:`. */
export interface EnumNode extends Position {
  readonly kind: "enum";
  readonly className: PhpString;
  readonly caseName: PhpString;
}

/** A repeated object, `r:`. It has a number of its own. */
export interface SameObjectNode extends Position {
  readonly kind: "same-object";
  /** The slot of the object. */
  readonly target: number;
  /** `false` if the number is after a `C:`, so that only PHP knows the object. */
  readonly isKnown: boolean;
}

/** A reference to the same variable, `R:`. */
export interface ReferenceNode extends Position {
  readonly kind: "reference";
  /** The slot of the value. */
  readonly target: number;
  /** `false` if the number is after a `C:`, so that only PHP knows the value. */
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
