import type { PhpNode, ReferenceNode, SameObjectNode } from "../php-text/nodes.ts";
import type { PhpSession } from "../php-text/session.ts";

/** The session that is edited. */
export class Origin {
  readonly session: PhpSession;
  readonly #references: ReadonlySet<PhpNode>;
  readonly #targets: ReadonlySet<PhpNode | undefined>;

  constructor(session: PhpSession) {
    this.session = session;
    this.#references = new Set(session.references);
    this.#targets = new Set(session.references.filter(isReference).map((node) => this.targetOf(node)));
  }

  /** Checks if a node was read from this session. */
  owns(node: PhpNode): boolean {
    return node.slot > 0 ? this.session.slots[node.slot] === node : this.#references.has(node);
  }

  /** Checks if an `R:` refers to a value. */
  isTarget(node: PhpNode): boolean {
    return this.#targets.has(node);
  }

  /** Returns the target of a reference; `undefined` if it is unknown, because a `C:` precedes it. */
  targetOf({ isKnown, target }: ReferenceNode | SameObjectNode): PhpNode | undefined {
    return isKnown ? this.session.slots[target] : undefined;
  }
}

function isReference(node: PhpNode): node is ReferenceNode {
  return node.kind === "reference";
}
