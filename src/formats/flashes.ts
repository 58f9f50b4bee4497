import type { SessionError } from "../errors.ts";
import { randomText } from "../random.ts";
import { isJsonObject, type Json } from "./json.ts";
import { checkedJson, corrupt } from "./json-bytes.ts";
import type { FlashEntry, SessionRecord } from "./record.ts";

/**
 * Creates a message for a session, with a random id.
 *
 * @public
 */
export function createFlashEntry(value: Json): FlashEntry {
  return { id: randomText(6), value };
}

/**
 * Converts the flashes of a session to JSON: by type, a pair of id and value for each message.
 *
 * @public
 */
export function flashesToJson(flashes: SessionRecord["flashes"]): Json {
  if (flashes.size === 0) return nothing;
  return Object.fromEntries([...flashes].map(([type, entries]) => [type, entries.map(({ id, value }) => [id, value])]));
}

const nothing: Json = Object.freeze({});

/**
 * Reads the JSON made by `flashesToJson`.
 *
 * @throws {@link SessionError} with code `corrupt` for anything else.
 *
 * @public
 */
export function flashesFromJson(json: Json | undefined): Map<string, FlashEntry[]> {
  if (!isJsonObject(json)) throw notOurs();
  return new Map(Object.entries(json).map(([type, entries]) => [type, entriesOf(entries)]));
}

function entriesOf(entries: Json): FlashEntry[] {
  if (!Array.isArray(entries)) throw notOurs();
  return entries.map((entry: Json) => {
    if (!Array.isArray(entry) || entry.length !== 2) throw notOurs();
    const [id, value]: Json[] = entry;
    if (typeof id !== "string" || value === undefined) throw notOurs();
    return { id, value: checkedJson(value) };
  });
}

function notOurs(): SessionError {
  return corrupt("its flashes have an unknown form");
}
