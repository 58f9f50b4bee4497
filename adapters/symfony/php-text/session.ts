import type { PhpEntry, PhpNode, ReferenceNode, SameObjectNode } from "./nodes.ts";

/**
 * The `session.serialize_handler` of PHP, which determines the form of sessions.
 *
 * @public
 */
export type PhpSerializer = "php" | "php_binary" | "php_serialize";

/** The text of `serialize()`, as read. */
export interface PhpText {
  readonly bytes: Uint8Array;
  /** The values by their slots, from 1 on. After a `C:`, they may differ from those of PHP. */
  readonly slots: readonly (PhpNode | undefined)[];
  /** All `r:` and `R:`, in reading order. */
  readonly references: readonly (SameObjectNode | ReferenceNode)[];
  /** The slot of the first `C:`, whose payload may take further slots; `undefined` if there is none. */
  readonly firstSerializable: number | undefined;
}

/** A single value, as read. */
export interface PhpValueText extends PhpText {
  readonly value: PhpNode;
}

/**
 * The content of `$_SESSION`, as read. The key of an entry is the name of the member; the last of several entries with
 * the same name wins. With `php_serialize`, the outer array has slot 1.
 */
export interface PhpSession extends PhpText {
  readonly serializer: PhpSerializer;
  readonly entries: readonly PhpEntry[];
}
