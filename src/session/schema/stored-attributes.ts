import type { SessionFormat } from "../../formats/format.ts";
import { cloneJson, copyJson, isJsonObject, type Json, Room, toMap } from "../../formats/json.ts";
import type { SessionRecord } from "../../formats/record.ts";
import { isSameJson } from "../../formats/same-json.ts";
import { failedUpgrade, type RefusedNames, refusal } from "./refusal.ts";
import { judge, type SessionSchema } from "./schema.ts";
import { type ShownRecord, Withheld } from "./withheld.ts";

type Attributes = ReadonlyMap<string, Json>;

/**
 * The treatment of stored attributes that the schema refuses. `"error"`: reading the session rejects with code
 * `invalid`. `"drop"`: they read as absent; if they are refused as a whole, all do, and the first change of one replaces
 * all. A function: it gets a copy of the stored attributes, except those with an
 * end of their own, and returns the attributes that are shown instead, which the schema must allow.
 *
 * @public
 */
export type OnInvalid = "error" | "drop" | ((old: Record<string, Json>) => object);

type Upgrade = Exclude<OnInvalid, string>;

export function checkOnInvalid(onInvalid: unknown, schema: unknown): void {
  if (schema === undefined) throw new TypeError("onInvalid needs a schema.");
  if (onInvalid === "error" || onInvalid === "drop" || typeof onInvalid === "function") return;
  throw new TypeError('onInvalid must be "error", "drop" or a function.');
}

/** Returns a record as the application sees it. */
export function shownBy(
  schema: SessionSchema,
  onInvalid: OnInvalid,
  record: SessionRecord,
  format: SessionFormat,
): SessionRecord {
  if (record.forward) return record;
  const { attributes } = record;
  const verdict = judge(schema, attributes);
  if ("output" in verdict) return record;
  if (onInvalid === "error") throw refusal(verdict.refused, attributes);
  if (onInvalid === "drop") {
    // Beside attributes that are refused as a whole, a change would be refused with them, and never be seen.
    return withShown(record, without(attributes, verdict.refused), verdict.refused.has(undefined));
  }
  const upgraded = upgradedBy(onInvalid, record, format);
  const again = judge(schema, upgraded);
  if ("refused" in again) throw refusal(again.refused, upgraded);
  // Attributes that the schema does not know stay, as they do without an upgrade.
  return withShown(record, new Map([...upgraded, ...toAttributes(again.output, format)]), true);
}

/** Without any attributes if they are refused as a whole. */
function without(attributes: Attributes, refused: RefusedNames): Attributes {
  return new Map(refused.has(undefined) ? [] : [...attributes].filter(([name]) => !refused.has(name)));
}

/**
 * The upgrade gets a copy of what is stored. It does not get attributes with an end of their own, which it could show
 * beyond that.
 */
function upgradedBy(upgrade: Upgrade, { attributes, attributeEnds }: SessionRecord, format: SessionFormat): Attributes {
  const ending = [...attributes].filter(([name]) => attributeEnds?.has(name));
  const lasting = [...attributes].filter(([name]) => !attributeEnds?.has(name));
  let upgraded: unknown;
  try {
    upgraded = upgrade(cloneJson(Object.fromEntries(lasting)) as Record<string, Json>); // a copy of an object is one
  } catch (error) {
    throw failedUpgrade(error);
  }
  return new Map([...toAttributes(upgraded, format), ...ending]);
}

function toAttributes(object: unknown, format: SessionFormat): Attributes {
  const json = copyJson(object, new Room(format));
  if (isJsonObject(json)) return toMap(json);
  throw new TypeError("The function `onInvalid` must return an object of attributes.");
}

/** Values that are shown as they are stored stay the same objects, which need not be encoded again. */
function withShown(record: SessionRecord, shown: Attributes, areOne: boolean): ShownRecord {
  const stored = record.attributes;
  const attributes = new Map(shown);
  const withheld = new Map<string, Json | undefined>();
  for (const name of new Set([...stored.keys(), ...shown.keys()])) {
    const value = stored.get(name);
    if (value !== undefined && isSameJson(value, shown.get(name))) attributes.set(name, value);
    else withheld.set(name, value);
  }
  return { ...record, attributes, withheld: withheld.size === 0 ? undefined : new Withheld(withheld, areOne) };
}
