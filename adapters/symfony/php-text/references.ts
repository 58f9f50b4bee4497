import { corrupt } from "sessionwire/backend";
import { keyIdentity } from "./keys.ts";
import type { PhpNode } from "./nodes.ts";
import { ReadArray, ReadObject } from "./read-containers.ts";
import type { ReadValue } from "./read-values.ts";
import type { ValueReader } from "./value-reader.ts";

/** The letters of what PHP calls an object: `C`, `E`, `O`, and `r` for one of them. */
const OBJECTS = [0x43, 0x45, 0x4f, 0x72];

/** Refuses references that PHP would not follow, or whose meaning is ambiguous. */
export function checkReferences({ bytes, positions, references }: ValueReader, roots: () => readonly PhpNode[]): void {
  if (references.length === 0) return;
  for (const { kind, target, isKnown } of references) {
    if (kind === "same-object" && isKnown && !OBJECTS.includes(bytes[positions.startOf(target)] as number)) {
      throw corrupt("it refers to an object where there is none");
    }
  }
  // The second member replaces the first one, and references to that refer to it.
  if (repeatsKeysWithin(roots())) throw corrupt("it has references, and two members with the same key");
}

function repeatsKeysWithin(roots: readonly ReadValue[]): boolean {
  const waiting = [...roots];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (!(value instanceof ReadArray || value instanceof ReadObject)) continue;
    if (repeatsKeys(value)) return true;
    for (const member of value.values) waiting.push(member);
  }
  return false;
}

function repeatsKeys({ kind, keys }: ReadArray | ReadObject): boolean {
  if (keys === undefined) return false;
  // As a property, an integer is the same as its decimal form.
  const names = keys.map((key) => (kind === "object" ? String(keyIdentity(key)) : keyIdentity(key)));
  return new Set(names).size < names.length;
}
