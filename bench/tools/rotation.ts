/** Returns one item after the other, and starts again after the last. */
export class Rotation<Item> {
  readonly items: readonly Item[];
  #next = 0;

  constructor(items: readonly Item[]) {
    this.items = items;
  }

  next(): Item {
    const item = this.items[this.#next];
    if (item === undefined) throw new Error("There is nothing to take turns.");
    this.#next = (this.#next + 1) % this.items.length;
    return item;
  }
}

/** Calls a function for all items, 64 at a time. */
export async function forEachOf<Item>(items: readonly Item[], call: (item: Item, place: number) => Promise<unknown>) {
  const left = items.entries();
  const work = async () => {
    for (const [place, item] of left) await call(item, place);
  };
  await Promise.all(Array.from({ length: 64 }, work));
}
