/** What can be looked up by name: a map, or a bag over it. */
export interface Names<Value> {
  get(name: string): Value | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** Changes laid over what is below, which stays as it is. Laying another bag over it makes a savepoint. */
export class Bag<Value> implements Names<Value> {
  readonly #below: Names<Value>;
  /** `undefined` for what has been deleted. */
  #changes: Map<string, Value | undefined> | undefined;

  constructor(below: Names<Value>) {
    this.#below = below;
  }

  get isChanged(): boolean {
    return this.#changes !== undefined;
  }

  get(name: string): Value | undefined {
    return this.#changes?.has(name) ? this.#changes.get(name) : this.#below.get(name);
  }

  has(name: string): boolean {
    return this.#changes?.has(name) ? this.#changes.get(name) !== undefined : this.#below.has(name);
  }

  keys(): Set<string> {
    const names = new Set(this.#below.keys());
    for (const [name, value] of this.#changes ?? []) {
      if (value === undefined) names.delete(name);
      else names.add(name);
    }
    return names;
  }

  set(name: string, value: Value | undefined): void {
    this.#changes ??= new Map();
    this.#changes.set(name, value);
  }

  /** Hands the changes down to another bag. */
  applyTo(bag: Bag<Value>): void {
    for (const [name, value] of this.#changes ?? []) bag.set(name, value);
  }

  toMap(): Map<string, Value> {
    const map = new Map<string, Value>();
    for (const name of this.keys()) map.set(name, this.get(name) as Value); // what has a name has a value
    return map;
  }
}
