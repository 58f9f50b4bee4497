import type { PhpKey } from "./nodes.ts";

/** The longest list of keys that is compared. */
const LONGEST = 31;

/** The keys of arrays and objects that were read before. Rows of a table have the same ones, which are then kept once. */
export class KnownKeys {
  readonly #last: (PhpKey[] | undefined)[] = [];

  /** Returns the same keys from before, or these. */
  share(keys: PhpKey[]): PhpKey[] {
    const { length } = keys;
    if (length > LONGEST) return keys;
    const last = this.#last[length];
    if (last !== undefined && isSame(keys, last)) return last;
    this.#last[length] = keys;
    return keys;
  }
}

function isSame(keys: readonly PhpKey[], others: readonly PhpKey[]): boolean {
  for (let index = 0; index < keys.length; index += 1) if (keys[index] !== others[index]) return false;
  return true;
}
