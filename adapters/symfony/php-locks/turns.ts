/** The position of a caller in a queue. */
export interface Turn {
  /** Resolves when all callers ahead have left; `undefined` if there are none. */
  readonly comes: Promise<unknown> | undefined;
  /** Lets the next caller proceed. */
  leave(): void;
}

/** Queues the callers within a process by key, so that they do not compete in the store. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  join(key: string): Turn {
    const comes = this.#last.get(key);
    let leave = () => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    // A caller that gives up leaves before its turn.
    const over = Promise.all([comes, left]);
    this.#last.set(key, over);
    over.then(() => {
      if (this.#last.get(key) === over) this.#last.delete(key);
    });
    return { comes, leave };
  }
}
