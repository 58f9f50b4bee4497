interface Entry<Value> {
  readonly key: string;
  value: Value;
  size: number;
  newer: Entry<Value> | undefined;
  older: Entry<Value> | undefined;
}

/**
 * Remembers the most recently used values by key, up to a total size. The entries are linked in order of use: relying
 * on the order of a `Map` would delete and insert an entry on each use.
 */
export class RecentlyUsed<Value> {
  readonly #maxSize: number;
  readonly #entries = new Map<string, Entry<Value>>();
  #newest: Entry<Value> | undefined;
  #oldest: Entry<Value> | undefined;
  #size = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry) this.#use(entry);
    return entry?.value;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  set(key: string, value: Value, size = 1): void {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { key, value, size: 0, newer: undefined, older: undefined };
      this.#entries.set(key, entry);
      this.#link(entry);
    }
    this.#size += size - entry.size;
    entry.value = value;
    entry.size = size;
    this.#use(entry);
    while (this.#size > this.#maxSize && this.#oldest) this.delete(this.#oldest.key);
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#size -= entry.size;
    this.#unlink(entry);
  }

  #use(entry: Entry<Value>): void {
    if (entry === this.#newest) return;
    this.#unlink(entry);
    this.#link(entry);
  }

  #link(entry: Entry<Value>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest) this.#newest.newer = entry;
    else this.#oldest = entry;
    this.#newest = entry;
  }

  #unlink({ newer, older }: Entry<Value>): void {
    if (newer) newer.older = older;
    else this.#newest = older;
    if (older) older.newer = newer;
    else this.#oldest = newer;
  }
}
