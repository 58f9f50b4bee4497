import type { Json } from "../../formats/json.ts";
import type { SessionRecord } from "../../formats/record.ts";

/** A record with the attributes that the application sees, and those that are stored instead of some of them. */
export interface ShownRecord extends SessionRecord {
  readonly withheld?: Withheld | undefined;
}

/**
 * The attributes that are stored otherwise than they are shown, because the schema refuses the stored ones. They stay
 * in the store until the application changes them: processes with another schema may still use them.
 */
export class Withheld {
  /** The values as they are stored; `undefined`: nothing is stored under the name. */
  readonly #stored: ReadonlyMap<string, Json | undefined>;
  /** `true` if they belong together: a change of one of them replaces all. */
  readonly #areOne: boolean;

  constructor(stored: ReadonlyMap<string, Json | undefined>, areOne: boolean) {
    this.#stored = stored;
    this.#areOne = areOne;
  }

  /** Returns what is still withheld after changes. */
  after(isChanged: (name: string) => boolean): Withheld | undefined {
    const left = this.without(isChanged);
    return left === this || !this.#areOne ? left : undefined;
  }

  /** Returns what is withheld of the other attributes. */
  without(hasEnded: (name: string) => boolean): Withheld | undefined {
    const left = new Map([...this.#stored].filter(([name]) => !hasEnded(name)));
    if (left.size === this.#stored.size) return this;
    return left.size === 0 ? undefined : new Withheld(left, this.#areOne);
  }

  /** Returns the attributes as they are to be stored. */
  restoreIn(shown: ReadonlyMap<string, Json>): ReadonlyMap<string, Json> {
    const attributes = new Map(shown);
    for (const [name, value] of this.#stored) {
      if (value === undefined) attributes.delete(name);
      else attributes.set(name, value);
    }
    return attributes;
  }
}

/** Returns a record as it is to be stored. */
export function asStored(shown: ShownRecord): SessionRecord {
  return shown.withheld ? { ...shown, attributes: shown.withheld.restoreIn(shown.attributes) } : shown;
}

/** Returns a stored record as the application sees it, with the attributes that it was stored from. */
export function asShown(stored: SessionRecord, { attributes, withheld }: ShownRecord): ShownRecord {
  return withheld ? { ...stored, attributes, withheld } : stored;
}
