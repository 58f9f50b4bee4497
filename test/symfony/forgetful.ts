import { NOWHERE, type PhpEntry, type PhpNode } from "../../adapters/symfony/php-text/nodes.ts";

/** The same value, without the place from which it was read. */
export function forgetful(node: PhpNode): PhpNode {
  if (node.kind === "array") return { ...node, ...NOWHERE, entries: node.entries.map(forgetfulEntry) };
  if (node.kind === "object") return { ...node, ...NOWHERE, properties: node.properties.map(forgetfulEntry) };
  return { ...node, ...NOWHERE };
}

function forgetfulEntry({ key, value }: PhpEntry): PhpEntry {
  return { key, value: forgetful(value), start: 0 };
}
