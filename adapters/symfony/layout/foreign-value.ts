import { entriesOf } from "../php-text/entries-of.ts";
import type { PhpNode, ReferenceNode, SameObjectNode } from "../php-text/nodes.ts";
import { notSelfContained } from "./refusals.ts";

/** A value that was read from another session, or from an earlier state of this one. It is stored as a copy. */
export class ForeignValue {
  readonly #slots = new Map<number, PhpNode>();
  readonly #targets = new Set<PhpNode>();

  /** Throws a `TypeError` for a value that refers to something outside of it, or that may. */
  constructor(root: PhpNode) {
    const references: ReferenceNode[] = [];
    const nodes = [root];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      if (node.kind === "serializable") throw notSelfContained();
      if ("isKnown" in node && !node.isKnown) throw notSelfContained();
      if (node.slot > 0) this.#slots.set(node.slot, node);
      if (node.kind === "reference") references.push(node);
      for (const { value } of entriesOf(node)) nodes.push(value);
    }
    for (const reference of references) this.#targets.add(this.targetOf(reference));
  }

  isTarget(node: PhpNode): boolean {
    return this.#targets.has(node);
  }

  targetOf({ target }: ReferenceNode | SameObjectNode): PhpNode {
    const node = this.#slots.get(target);
    if (node === undefined) throw notSelfContained();
    return node;
  }
}
