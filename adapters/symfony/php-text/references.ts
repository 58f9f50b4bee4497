import { corrupt } from "sessionwire/backend";
import type { PhpKey } from "./nodes.ts";
import type { ReadArray, ReadObject } from "./read-containers.ts";
import type { ValueReader } from "./value-reader.ts";

/** The letters of what PHP calls an object: `C`, `E`, `O`, and `r` for one of them. */
const OBJECTS = [0x43, 0x45, 0x4f, 0x72];

/** Checks what has been read for references that PHP would not follow, or whose meaning is in doubt. */
export function checkReferences({ bytes, places, containers, references }: ValueReader): void {
  if (references.length === 0) return;
  for (const { kind, target, isKnown } of references) {
    if (kind === "same-object" && isKnown && !OBJECTS.includes(bytes[places.startOf(target)] as number)) {
      throw corrupt("it refers to an object where there is none");
    }
  }
  // The second member takes the place of the first one, and with it the references to that.
  if (containers.some(hasDuplicates)) throw corrupt("it has references, and two members with the same key");
}

function hasDuplicates({ kind, keys }: ReadArray | ReadObject): boolean {
  if (keys === undefined) return false;
  // As a property, an integer is the same as its decimal form.
  const names = keys.map((key) => (kind === "object" ? String(identityOf(key)) : identityOf(key)));
  return new Set(names).size < names.length;
}

/** Two forms that cannot be confused: bytes that are text would have been read as such. */
function identityOf(key: PhpKey): string | number | bigint {
  return key instanceof Uint8Array ? `\0${key.join()}` : key;
}
