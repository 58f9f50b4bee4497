import { NOWHERE, type PhpEntry, type PhpNode } from "../../adapters/symfony/php-text/nodes.ts";

/** Returns the same value without the positions from which it was read. */
export function withoutPositions(node: PhpNode): PhpNode {
  if (node.kind === "array") return { ...node, ...NOWHERE, entries: node.entries.map(entryWithoutPositions) };
  if (node.kind === "object") return { ...node, ...NOWHERE, properties: node.properties.map(entryWithoutPositions) };
  return { ...node, ...NOWHERE };
}

function entryWithoutPositions({ key, value }: PhpEntry): PhpEntry {
  return { key, value: withoutPositions(value), start: 0 };
}
