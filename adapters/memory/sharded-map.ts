const SHARDS = 64;

/** A value that knows its place among all that were ever added. */
export interface Ordered {
  /** Counts up from 1. */
  readonly order: number;
}

/** A place in the map that stays what it is, whatever is added and deleted. */
export interface Place extends Ordered {
  readonly shard: number;
}

/**
 * A map that grows without pauses. One map of a million sessions takes 100 ms each time it doubles its table; here each of
 * many small maps does so by itself.
 */
export class ShardedMap<Value extends Ordered> {
  readonly #shards: readonly Map<string, Value>[] = Array.from({ length: SHARDS }, () => new Map());
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): Value | undefined {
    return this.#shardOf(key).get(key);
  }

  /** Adds a key that is not in the map. */
  add(key: string, value: Value): void {
    this.#shardOf(key).set(key, value);
    this.#size += 1;
  }

  /**
   * The values behind a place: in shard after shard, and in each in the order in which they were added, which nothing but
   * adding and deleting changes. Finding the place takes a walk through one shard at most.
   */
  *behind(place: Place): Generator<[Place, Value]> {
    for (let shard = place.shard; shard < SHARDS; shard += 1) {
      for (const value of this.#shards[shard]?.values() ?? []) {
        if (shard > place.shard || value.order > place.order) yield [{ shard, order: value.order }, value];
      }
    }
  }

  delete(key: string): void {
    if (this.#shardOf(key).delete(key)) this.#size -= 1;
  }

  clear(): void {
    for (const shard of this.#shards) shard.clear();
    this.#size = 0;
  }

  /** Session ids are random up to their end, so the last characters spread them well. */
  #shardOf(key: string): Map<string, Value> {
    let hash = 0;
    for (let at = Math.max(0, key.length - 6); at < key.length; at += 1) hash = (hash * 31 + key.charCodeAt(at)) | 0;
    return this.#shards[(hash >>> 0) % SHARDS] as Map<string, Value>; // the remainder is below the number of shards
  }
}
