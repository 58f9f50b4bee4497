import type { KeyHash } from "../../channel/key-hash.ts";
import { RecentlyUsed } from "../../recently-used.ts";
import type { SessionEvent } from "./session-event.ts";

const MAX_KEYS = 10_000;

/** The most recent keys that sessions have given up, here or elsewhere. */
export class RetiredKeys {
  readonly #keys = new RecentlyUsed<true>(MAX_KEYS);
  readonly #hashes = new RecentlyUsed<true>(MAX_KEYS);
  readonly #hashOf: KeyHash;
  #hasHashes = false;

  constructor(hashOf: KeyHash) {
    this.#hashOf = hashOf;
  }

  note(event: SessionEvent): void {
    if (event.type !== "regenerated") return;
    if (event.origin === "here") this.#keys.set(event.previousKey, true);
    else {
      this.#hasHashes = true;
      this.#hashes.set(event.previousKeyHash, true);
    }
  }

  has(key: string): boolean {
    return this.#keys.has(key) || (this.#hasHashes && this.#hashes.has(this.#hashOf(key)));
  }
}
