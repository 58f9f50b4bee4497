import type { PhpKey, PhpNode } from "../php-text/nodes.ts";

/**
 * One value at its place in the session that is written. In reading order, the placements are the whole session.
 */
export interface Placement {
  /** The name or key under which the value stands. */
  readonly key: PhpKey;
  /** The offset of the name or key in the original; `undefined`: it is written anew. */
  readonly keyStart: number | undefined;
  /** The node that was placed here: the value, or an `r:` of the original that stands for an object. */
  readonly source: PhpNode;
  /** The value. */
  readonly node: PhpNode;
  /**
   * How it is written: as a whole, as the same object once more (`r:`), as a reference (`R:`), or as it stands in the
   * original, because nobody knows to what it refers.
   */
  readonly form: "value" | "same-object" | "reference" | "verbatim";
  /** The place of the object or value to which an `r:` or `R:` refers. */
  readonly first: Placement | undefined;
  /** The number of the value in the session that is written; 0: it has none. */
  readonly slot: number;
  /** The number of members that follow, if the value is written as a whole. */
  readonly size: number;
  /** `true` if the value, apart from its members, stands in the original. */
  readonly isKept: boolean;
}
