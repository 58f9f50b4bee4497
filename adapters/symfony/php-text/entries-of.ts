import type { PhpEntry, PhpNode } from "./nodes.ts";

/** Returns the members of an array or object, and none of any other value. */
export function entriesOf(node: PhpNode): readonly PhpEntry[] {
  if (node.kind === "array") return node.entries;
  return node.kind === "object" ? node.properties : none;
}

const none: readonly PhpEntry[] = [];
