import type { PhpKey, PhpNode } from "../php-text/nodes.ts";

/** A value and its position in the written session. In reading order, all placements are the session. */
export interface Placement {
  /** The name or key of the value. */
  readonly key: PhpKey;
  /** The offset of the name or key in the original; `undefined` if it is new. */
  readonly keyStart: number | undefined;
  /** The node that was placed: the value, or an `r:` of the original that refers to it. */
  readonly source: PhpNode;
  /** The value. */
  readonly node: PhpNode;
  /**
   * The form in which it is written: in full, as a repeated object (`r:`), as a reference (`R:`), or unchanged, because
   * its target is unknown.
   */
  readonly form: "value" | "same-object" | "reference" | "verbatim";
  /** The target of an `r:` or `R:`. */
  readonly first: Placement | undefined;
  /** The number of the value in the written session; 0 if it has none. */
  readonly slot: number;
  /** The number of members that follow, if the value is written in full. */
  readonly size: number;
  /** `true` if the value, apart from its members, is in the original. */
  readonly isKept: boolean;
}
