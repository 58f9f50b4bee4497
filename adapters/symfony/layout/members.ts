import { keyIdentity } from "../php-text/keys.ts";
import type { PhpEntry, PhpKey, PhpNode } from "../php-text/nodes.ts";

/** The values of an array, or of a session, by key. */
export class Members {
  readonly #values: ReadonlyMap<PhpKey, PhpNode>;

  constructor(entries: readonly PhpEntry[]) {
    this.#values = new Map(entries.map(({ key, value }) => [keyIdentity(key), value]));
  }

  at(key: PhpKey): PhpNode | undefined {
    return this.#values.get(keyIdentity(key));
  }
}
