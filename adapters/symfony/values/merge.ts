import { isJsonObject, type Json, type JsonObject } from "sessionwire/backend";
import { arrayKey } from "../php-text/keys.ts";
import type { ArrayNode, PhpEntry, PhpKey, PhpNode } from "../php-text/nodes.ts";
import { isList, lastEntries } from "./entries.ts";
import { arrayNode, checkedText, entryOf, nodeOf } from "./fresh-nodes.ts";
import type { NodeValues } from "./node-values.ts";
import { readsAs } from "./same-value.ts";

/**
 * Returns the node of a value that replaces another one. Equal parts keep their nodes, and thus the exact text and type
 * of PHP. Members keep the old order, with new ones at the end.
 */
export function merge(old: PhpNode, value: Json, values: NodeValues): PhpNode {
  if (old.kind === "array" && Array.isArray(value)) return mergeList(old, value, values);
  if (old.kind === "array" && isJsonObject(value)) return mergeObject(old, value, values);
  return readsAs(old, value, values) ? old : nodeOf(value);
}

function mergeObject(old: ArrayNode, object: JsonObject, values: NodeValues): PhpNode {
  const missing = new Map<PhpKey, string>(Object.keys(object).map((name) => [arrayKey(checkedText(name)), name]));
  const before = lastEntries(old.entries);
  const entries: PhpEntry[] = [];
  for (const entry of before) {
    const name = missing.get(entry.key);
    if (name === undefined) continue;
    missing.delete(entry.key);
    entries.push(mergeEntry(entry, object[name] as Json, values));
  }
  for (const [key, name] of missing) entries.push(entryOf(key, nodeOf(object[name])));
  return unlessSame(old, before, entries);
}

/** Finds members that were added or removed at one position, so that those after it keep their nodes. */
function mergeList(old: ArrayNode, list: readonly Json[], values: NodeValues): PhpNode {
  const before = lastEntries(old.entries);
  if (!isList(before)) return mergeByKey(old, before, list, values);
  const added = list.length - before.length;
  const isKept = (index: number, from: number) => {
    const entry = before[from];
    return entry !== undefined && readsAs(entry.value, list[index], values);
  };
  let start = 0;
  if (added !== 0) while (start < list.length && isKept(start, start)) start += 1;
  let end = list.length;
  if (added !== 0) while (end > start && end - added > start && isKept(end - 1, end - 1 - added)) end -= 1;
  const entries = list.map((value, index) => {
    const entry = before[index < end ? index : index - added];
    const isBehind = index < end && index >= end - added;
    return entry && !isBehind ? mergeEntry(at(index, entry), value, values) : entryOf(index, nodeOf(value));
  });
  return unlessSame(old, before, entries);
}

function mergeByKey(old: ArrayNode, before: readonly PhpEntry[], list: readonly Json[], values: NodeValues): PhpNode {
  const known = new Map(before.map((entry) => [entry.key, entry]));
  const entries = list.map((value, index) => {
    const entry = known.get(index);
    return entry ? mergeEntry(entry, value, values) : entryOf(index, nodeOf(value));
  });
  return unlessSame(old, before, entries);
}

function mergeEntry(entry: PhpEntry, value: Json, values: NodeValues): PhpEntry {
  const node = merge(entry.value, value, values);
  return node === entry.value ? entry : entryOf(entry.key, node);
}

function at(index: number, entry: PhpEntry): PhpEntry {
  return entry.key === index ? entry : entryOf(index, entry.value);
}

function unlessSame(old: ArrayNode, before: readonly PhpEntry[], entries: readonly PhpEntry[]): PhpNode {
  const isSame = before.length === entries.length && before.every((entry, index) => entry === entries[index]);
  return isSame ? old : arrayNode(entries);
}
