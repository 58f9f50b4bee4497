import { corrupt } from "sessionwire/backend";
import type { PhpEntry, PhpKey, PhpNode, ReferenceNode, SameObjectNode } from "./nodes.ts";

/** Checks what has been read for references that PHP would not follow, or whose meaning is in doubt. */
export function checkReferences(
  references: readonly (SameObjectNode | ReferenceNode)[],
  slots: readonly (PhpNode | undefined)[],
  firstSerializable: number | undefined,
): void {
  if (references.length === 0) return;
  for (const { kind, target } of references) {
    const isKnown = target <= (firstSerializable ?? target);
    if (kind === "same-object" && isKnown && !isObject(slots[target])) {
      throw corrupt("it refers to an object where there is none");
    }
  }
  // The second member takes the place of the first one, and with it the references to that.
  if (slots.some(hasDuplicates)) throw corrupt("it has references, and two members with the same key");
}

/** Another `r:` is an object as well, because it has been checked before. */
function isObject(node: PhpNode | undefined): boolean {
  const kind = node?.kind;
  return kind === "object" || kind === "serializable" || kind === "enum" || kind === "same-object";
}

function hasDuplicates(node: PhpNode | undefined): boolean {
  if (node?.kind === "array") return !isList(node.entries) && repeats(node.entries.map(({ key }) => identityOf(key)));
  // As a property, an integer is the same as its decimal form.
  return node?.kind === "object" && repeats(node.properties.map(({ key }) => String(identityOf(key))));
}

function isList(entries: readonly PhpEntry[]): boolean {
  return entries.every(({ key }, index) => key === index);
}

function repeats(keys: readonly (string | number | bigint)[]): boolean {
  return new Set(keys).size < keys.length;
}

/** A NUL and the bytes one by one cannot be confused with text that has been read: that would have been the text itself. */
function identityOf(key: PhpKey): string | number | bigint {
  return key instanceof Uint8Array ? `\0${key.join()}` : key;
}
