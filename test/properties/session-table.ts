import fc from "fast-check";
import type { SessionTable } from "../../adapters/memory/session-table.ts";

/** The table of the memory handler, as it is or broken. */
export interface TableSubject {
  readonly SessionTable: new () => SessionTable;
}

interface Kept {
  readonly slot: number;
  readonly data: Uint8Array;
}

/** The table, and the plain map that it must not differ from. */
interface Pair {
  readonly table: SessionTable;
  readonly model: Map<string, Kept>;
  /** The most sessions that there were at once. */
  peak: number;
}

type Step = (pair: Pair) => void;

export const tableProperty = ({ SessionTable }: TableSubject): fc.IPropertyWithHooks<[Step[]]> =>
  fc.property(fc.array(steps, { minLength: 1, maxLength: 25 }), (story) => {
    const pair: Pair = { table: new SessionTable(), model: new Map(), peak: 0 };
    for (const step of story) {
      step(pair);
      compareSums(pair);
    }
    compareAll(pair);
    for (const key of [...pair.model.keys()].slice(1)) remove(pair, key);
    compareAll(pair);
    const rest = [...pair.model.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    expectTrue(pair.table.heldBytes <= 50_000 + 8 * rest, "memory is given back");
    for (const key of pair.model.keys()) remove(pair, key);
    expectTrue(pair.table.heldBytes === 0, "nothing is held for no session");
  });

const keys = fc.oneof(
  fc.constantFrom("a", "b", "ab", "ba", "é", "e", "語", "話", "ÿĀ", "Āÿ"),
  fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" }),
);
/** From none to more than a slab has room for, and around the borders of what lies side by side. */
const sizes = fc.oneof(
  { weight: 6, arbitrary: fc.nat(3000) },
  { weight: 3, arbitrary: fc.integer({ min: 200_000, max: 600_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1_048_000, max: 1_300_000 }) },
);

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(keys, sizes)
      .map(([key, size]) => toStep(`put(${JSON.stringify(key)}, ${size})`, (pair) => put(pair, key, size))),
  },
  { weight: 2, arbitrary: keys.map((key) => toStep(`remove(${JSON.stringify(key)})`, (pair) => remove(pair, key))) },
  { weight: 2, arbitrary: fc.nat(40).map((nth) => toStep(`removeNth(${nth})`, (pair) => removeNth(pair, nth))) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 3000 }), fc.nat(700))
      .map(([count, size]) => toStep(`putMany(${count}, ${size})`, (pair) => putMany(pair, count, size))),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 2, max: 7 }).map((nth) => toStep(`keepEvery(${nth})`, (pair) => keepEvery(pair, nth))),
  },
  { weight: 1, arbitrary: fc.nat(5).map((count) => toStep(`keepEnds(${count})`, (pair) => keepEnds(pair, count))) },
);

function toStep(says: string, run: Step): Step {
  return Object.assign(run, { [fc.toStringMethod]: () => says });
}

function put(pair: Pair, key: string, size: number): void {
  const { table, model } = pair;
  const data = new Uint8Array(size).fill(model.size + size);
  const known = model.get(key);
  expectTrue(table.find(key) === (known?.slot ?? 0), "a key is found where it is, and nowhere else");
  const slot = known?.slot ?? table.add(key, data);
  if (known) table.replaceData(slot, data);
  model.set(key, { slot, data });
  pair.peak = Math.max(pair.peak, model.size);
}

function remove({ table, model }: Pair, key: string): void {
  const known = model.get(key);
  expectTrue(table.find(key) === (known?.slot ?? 0), "a key is found where it is, and nowhere else");
  if (known) table.remove(known.slot);
  model.delete(key);
}

function removeNth(pair: Pair, nth: number): void {
  const key = [...pair.model.keys()].at(nth % (pair.model.size || 1));
  if (key !== undefined) remove(pair, key);
}

function putMany(pair: Pair, count: number, size: number): void {
  for (let index = 0; index < count; index += 1) put(pair, `many-${index}`, size);
}

function keepEvery(pair: Pair, nth: number): void {
  for (const [index, key] of [...pair.model.keys()].entries()) if (index % nth !== 0) remove(pair, key);
}

function keepEnds(pair: Pair, count: number): void {
  const { size } = pair.model;
  for (const [index, key] of [...pair.model.keys()].entries()) {
    if (index >= count && index < size - count) remove(pair, key);
  }
}

function compareSums(pair: Pair): void {
  const { table, model } = pair;
  const bytes = [...model.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  expectTrue(table.size === model.size && table.dataBytes === bytes, "sessions and bytes are counted");
  const slotBytes = 40 * 1024 * Math.ceil(pair.peak / 1024);
  expectTrue(table.slots.heldBytes <= slotBytes, "free slots are used before new ones are made");
}

function compareAll({ table, model }: Pair): void {
  for (const [key, { slot, data }] of model) {
    expectTrue(table.find(key) === slot, "a session keeps its slot");
    expectTrue(table.keyOf(slot) === key, "a session keeps its key");
    expectTrue(hasSameBytes(table.dataOf(slot), data), "a session keeps its bytes");
  }
  const slots = [...model.values()].map(({ slot }) => slot).sort((a, b) => a - b);
  let last = 0;
  for (const slot of slots) {
    expectTrue(table.slots.next(last) === slot, "a walk meets each session once");
    last = slot;
  }
  expectTrue(table.slots.next(last) === 0, "a walk meets each session once");
}

function hasSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.byteLength === other.byteLength && Buffer.compare(one, other) === 0;
}

function expectTrue(holds: boolean, says: string): void {
  if (!holds) throw new Error(`This does not hold: ${says}.`);
}
