/** A place among the callers that want the same thing. */
export interface Place {
  /** Resolves when the callers before have left; `undefined` if there are none. */
  readonly comes: Promise<unknown> | undefined;
  /** Lets the next caller go on. */
  leave(): void;
}

/** Lets the callers of one process go one after the other, by keys, so that they do not wait for each other in the store. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  join(key: string): Place {
    const comes = this.#last.get(key);
    let leave = () => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    // One that gives up leaves before its turn.
    const over = Promise.all([comes, left]);
    this.#last.set(key, over);
    over.then(() => {
      if (this.#last.get(key) === over) this.#last.delete(key);
    });
    return { comes, leave };
  }
}
