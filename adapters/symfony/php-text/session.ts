import type { PhpNode, PhpString, ReferenceNode, SameObjectNode } from "./nodes.ts";

/**
 * A value of `session.serialize_handler`, by which PHP writes sessions.
 *
 * @public
 */
export type PhpSerializer = "php" | "php_binary" | "php_serialize";

/** Text of `serialize()` that has been read. */
export interface PhpText {
  readonly bytes: Uint8Array;
  /** The values by their slots, from 1 on. Behind a `C:` they may differ from PHP's. */
  readonly slots: readonly (PhpNode | undefined)[];
  /** All `r:` and `R:`, in reading order. */
  readonly references: readonly (SameObjectNode | ReferenceNode)[];
  /** The slot of the first `C:`, whose payload may take further slots; `undefined` if there is none. */
  readonly firstSerializable: number | undefined;
}

/** A single value that has been read. */
export interface PhpValueText extends PhpText {
  readonly value: PhpNode;
}

/** A member of `$_SESSION`. */
export interface PhpSessionEntry {
  readonly name: PhpString | number | bigint;
  readonly value: PhpNode;
  /** The offset of the name; the entry ends with its value. 0 if an application has made the entry. */
  readonly start: number;
}

/**
 * The content of `$_SESSION` as it was read. Of entries with the same name, the last one counts. With `php_serialize`,
 * the outer array has slot 1.
 */
export interface PhpSession extends PhpText {
  readonly serializer: PhpSerializer;
  readonly entries: readonly PhpSessionEntry[];
}
