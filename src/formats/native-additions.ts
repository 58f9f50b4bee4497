import { MAX_TTL_SECONDS } from "../backend/checks.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { checkedJson, corrupt } from "./json-bytes.ts";
import type { SessionRecord } from "./record.ts";

/**
 * The attribute in which the native format stores what it has learned since version 0.4: attributes that end, and the
 * limits of one session. Version 0.4 refuses a record with another member, but keeps attributes that it does not know.
 * It does not see the attributes in here, so it never takes one that has ended for one that has not.
 */
export const ADDITIONS = "@session";

/** The metadata with the limits of one session. */
export const limitNames = ["idleTimeoutSeconds", "lifetimeSeconds"] as const;

/** Returns what stands in the attribute {@link ADDITIONS}; `undefined`: it is not needed. */
export function additionsOf({ attributes, attributeEnds, metadata }: SessionRecord): Json | undefined {
  const additions: Record<string, Json> = {};
  for (const name of limitNames) {
    const seconds = metadata.get(name) ?? null;
    if (seconds !== null) additions[name] = seconds;
  }
  if (attributeEnds && attributeEnds.size > 0) {
    const ending = [...attributeEnds].map(([name, end]) => [name, [end, attributes.get(name) ?? null]]);
    additions.ending = Object.fromEntries(ending) as JsonObject;
  }
  return Object.keys(additions).length === 0 ? undefined : additions;
}

/** A record as it is decoded, before it is handed out. */
interface Decoded {
  readonly attributes: Map<string, Json>;
  readonly metadata: Map<string, Json>;
}

/**
 * Takes the attribute {@link ADDITIONS} apart, and returns the ends of attributes. An attribute that also stands beside it
 * was set later, by version 0.4.
 */
export function takeAdditions({ attributes, metadata }: Decoded): SessionRecord["attributeEnds"] {
  const additions = attributes.get(ADDITIONS);
  if (additions === undefined) return undefined;
  attributes.delete(ADDITIONS);
  if (!isJsonObject(additions)) throw strange();
  const { ending, ...limits } = additions;
  for (const [name, seconds] of Object.entries(limits)) {
    if (!limitNames.some((each) => each === name) || !isLimit(seconds)) throw strange();
    metadata.set(name, seconds);
  }
  return ending === undefined ? undefined : takeEnding(ending, attributes);
}

function takeEnding(ending: Json, attributes: Map<string, Json>): Map<string, number> {
  if (!isJsonObject(ending)) throw strange();
  const ends = new Map<string, number>();
  for (const [name, pair] of Object.entries(ending)) {
    if (!Array.isArray(pair) || pair.length !== 2) throw strange();
    const [end, value]: Json[] = pair;
    if (typeof end !== "number" || !Number.isSafeInteger(end) || value === undefined) throw strange();
    if (attributes.has(name)) continue;
    attributes.set(name, checkedJson(value));
    ends.set(name, end);
  }
  return ends;
}

function isLimit(seconds: Json): boolean {
  return typeof seconds === "number" && Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_TTL_SECONDS;
}

function strange() {
  return corrupt(`its attribute ${ADDITIONS} has an unknown form`);
}
