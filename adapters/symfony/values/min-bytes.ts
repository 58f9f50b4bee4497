import type { PhpNode } from "../php-text/nodes.ts";

/** Returns the minimum size of a value in bytes. An object that already occurs elsewhere takes only an `r:1;`. */
export function minBytesOf(node: PhpNode): number {
  if (node.kind === "string") return node.value.length + '"s:0:"";'.length - 1;
  if (node.kind === "array") return node.entries.length * "i:0;N;".length + "a:0:{}".length;
  return "i:1;".length;
}
