import type { SessionFormat } from "../../formats/format.ts";
import { copyJson, type Json, Room } from "../../formats/json.ts";
import type { SessionRecord } from "../../formats/record.ts";
import { refusal, unknownAttribute } from "./refusal.ts";
import { judge, type SessionSchema, type Verdict } from "./schema.ts";
import { type OnInvalid, shownBy } from "./stored-attributes.ts";

type Attributes = ReadonlyMap<string, Json>;

/**
 * Checks the attributes of sessions by a schema: when they are set, before they are stored, and, if asked, when they are
 * read. The values that the schema returns are stored; the encoded session shows if they are too large.
 */
export class TypedAttributes {
  readonly #schema: SessionSchema;
  readonly #onInvalid: OnInvalid | undefined;
  readonly #format: SessionFormat;

  constructor(schema: SessionSchema, onInvalid: OnInvalid | undefined, format: SessionFormat) {
    this.#schema = schema;
    this.#onInvalid = onInvalid;
    this.#format = format;
  }

  /**
   * Returns the value to set beside `others`. While the schema requires others that are missing, the value stays as it
   * is given: {@link checked} replaces it before it is stored.
   */
  accept(name: string, value: Json, others: Attributes): Json {
    const attributes = new Map(others).set(name, value);
    const verdict = this.#judge(attributes, new Set([name]));
    if ("output" in verdict) return this.#valueOf(name, verdict.output);
    if (verdict.refused.has(name)) throw refusal(new Set([name]), attributes);
    return value;
  }

  /**
   * Returns the record to store over `base`. Throws if the schema refuses the attributes with the changes. A forward has
   * none, whatever the schema requires.
   */
  checked(record: SessionRecord, base: SessionRecord | undefined): SessionRecord {
    if (record.forward) return record;
    const changed = changedNames(record.attributes, base?.attributes ?? new Map());
    if (changed.size === 0) return record;
    const verdict = this.#judge(record.attributes, changed);
    if ("refused" in verdict) throw refusal(verdict.refused, record.attributes);
    const attributes = new Map(record.attributes);
    for (const name of changed) if (attributes.has(name)) attributes.set(name, this.#valueOf(name, verdict.output));
    return { ...record, attributes };
  }

  /** Returns a stored record as the application sees it. */
  shown(record: SessionRecord): SessionRecord {
    return this.#onInvalid === undefined ? record : shownBy(this.#schema, this.#onInvalid, record, this.#format);
  }

  /** Leaves out attributes that are unchanged and refused: they come from processes with another schema. */
  #judge(attributes: Attributes, changed: ReadonlySet<string>): Verdict {
    const verdict = judge(this.#schema, attributes);
    if ("output" in verdict) return verdict;
    const isForeign = (name: string | undefined) => name !== undefined && attributes.has(name) && !changed.has(name);
    const own = [...verdict.refused].filter((name) => !isForeign(name));
    if (own.length > 0) return { refused: new Set(own) };
    return judge(this.#schema, new Map([...attributes].filter(([name]) => !verdict.refused.has(name))));
  }

  #valueOf(name: string, output: Readonly<Record<string, unknown>>): Json {
    if (!Object.hasOwn(output, name)) throw unknownAttribute(name);
    const value = copyJson(output[name], new Room(this.#format));
    this.#format.checkAttribute(name, value);
    return value;
  }
}

/** Values never change, so equal objects are the same one. */
function changedNames(now: Attributes, before: Attributes): Set<string> {
  const names = new Set([...now.keys(), ...before.keys()]);
  return new Set([...names].filter((name) => now.get(name) !== before.get(name)));
}
