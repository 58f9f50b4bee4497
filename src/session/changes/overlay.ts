/** What can be looked up by name: a map, or an overlay over it. */
export interface ReadonlyLookup<Value> {
  get(name: string): Value | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** What has been laid under a name, `undefined` for what has been deleted, and what it takes at least. */
interface Laid<Value> {
  readonly value: Value | undefined;
  readonly bytes: number;
}

/** Changes laid over what is below, which stays as it is. Laying another overlay over it makes a savepoint. */
export class Overlay<Value> implements ReadonlyLookup<Value> {
  readonly #below: ReadonlyLookup<Value>;
  readonly #bagBelow: Overlay<Value> | undefined;
  #changes: Map<string, Laid<Value>> | undefined;
  #addedBytes = 0;

  constructor(below: ReadonlyLookup<Value>) {
    this.#below = below;
    this.#bagBelow = below instanceof Overlay ? below : undefined;
  }

  /** What the changes take at least when they are stored. What was there before them does not count. */
  get bytes(): number {
    return this.#addedBytes + (this.#bagBelow?.bytes ?? 0);
  }

  /** The part of {@link bytes} that stands under a name. */
  bytesOf(name: string): number {
    return this.#changes?.get(name)?.bytes ?? this.#bagBelow?.bytesOf(name) ?? 0;
  }

  get isChanged(): boolean {
    return this.#changes !== undefined;
  }

  get(name: string): Value | undefined {
    const laid = this.#changes?.get(name);
    return laid ? laid.value : this.#below.get(name);
  }

  has(name: string): boolean {
    const laid = this.#changes?.get(name);
    return laid ? laid.value !== undefined : this.#below.has(name);
  }

  keys(): Set<string> {
    const names = new Set(this.#below.keys());
    for (const [name, { value }] of this.#changes ?? []) {
      if (value === undefined) names.delete(name);
      else names.add(name);
    }
    return names;
  }

  set(name: string, value: Value | undefined, bytes = 0): void {
    this.#addedBytes += bytes - this.bytesOf(name);
    this.#changes ??= new Map();
    this.#changes.set(name, { value, bytes });
  }

  /** Hands the changes down to another overlay. */
  applyTo(overlay: Overlay<Value>): void {
    for (const [name, { value, bytes }] of this.#changes ?? []) overlay.set(name, value, bytes);
  }

  toMap(): Map<string, Value> {
    const map = new Map<string, Value>();
    for (const name of this.keys()) map.set(name, this.get(name) as Value); // what has a name has a value
    return map;
  }
}
