import type { Json } from "sessionwire/backend";
import { arrayKey } from "../php-text/keys.ts";
import type { PhpEntry, PhpKey } from "../php-text/nodes.ts";
import { checkedText, nodeOf } from "../values/fresh-nodes.ts";
import { merge } from "../values/merge.ts";
import type { NodeValues } from "../values/node-values.ts";

/** The members of a PHP array or session whose names are text, as a record shows them. */
export class NamedMembers {
  /** The values by name. */
  readonly values: ReadonlyMap<string, Json>;
  readonly #entries: readonly PhpEntry[];
  readonly #nodes: NodeValues;

  /** `known` are the values as they were read before. */
  constructor(entries: readonly PhpEntry[], nodes: NodeValues, known?: ReadonlyMap<string, Json>) {
    this.#entries = entries;
    this.#nodes = nodes;
    this.values = known ?? valuesOf(entries, nodes);
  }

  /**
   * Returns the members with other values. Unchanged members and those that a record does not show are kept; new ones
   * are appended.
   */
  edit(values: ReadonlyMap<string, Json>): readonly PhpEntry[] {
    if (values === this.values) return this.#entries;
    const last = new Map(this.#entries.map((entry) => [nameOf(entry.key), entry]));
    const edited = this.#entries.flatMap((entry) => {
      const name = nameOf(entry.key);
      if (name === undefined) return entry;
      const value = values.get(name);
      if (value === undefined) return [];
      return last.get(name) === entry ? this.#edited(entry, name, value) : entry; // of several, the last one counts
    });
    for (const [name, value] of values) {
      if (!last.has(name)) edited.push({ key: keyOf(name), value: nodeOf(value), start: 0 });
    }
    return isSame(edited, this.#entries) ? this.#entries : edited;
  }

  #edited(entry: PhpEntry, name: string, value: Json): PhpEntry {
    if (Object.is(value, this.values.get(name))) return entry;
    const node = merge(entry.value, value, this.#nodes);
    return node === entry.value ? entry : { key: entry.key, value: node, start: 0 };
  }
}

function valuesOf(entries: readonly PhpEntry[], nodes: NodeValues): ReadonlyMap<string, Json> {
  const values = new Map<string, Json>();
  for (const { key, value } of entries) if (typeof key !== "object") values.set(String(key), nodes.of(value));
  return values;
}

/** Returns the name of a member; `undefined` if it is not text. */
export function nameOf(key: PhpKey): string | undefined {
  return typeof key === "object" ? undefined : String(key);
}

/** Returns the key for a name. Throws a `TypeError` for a name that UTF-8 cannot represent. */
export function keyOf(name: string): PhpKey {
  return arrayKey(checkedText(name));
}

function isSame(one: readonly PhpEntry[], other: readonly PhpEntry[]): boolean {
  return one.length === other.length && one.every((entry, index) => entry === other[index]);
}
