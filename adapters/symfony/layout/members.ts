import type { PhpEntry, PhpKey, PhpNode } from "../php-text/nodes.ts";

/** The values of an array, or of a session, by key. */
export class Members {
  readonly #values = new Map<Exclude<PhpKey, Uint8Array>, PhpNode>();
  readonly #valuesOfBytes = new Map<string, PhpNode>();

  constructor(entries: readonly PhpEntry[]) {
    for (const { key, value } of entries) {
      if (typeof key === "object") this.#valuesOfBytes.set(key.join(), value);
      else this.#values.set(key, value);
    }
  }

  at(key: PhpKey): PhpNode | undefined {
    return typeof key === "object" ? this.#valuesOfBytes.get(key.join()) : this.#values.get(key);
  }
}
