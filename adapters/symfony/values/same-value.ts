import { isJsonObject, type Json, type JsonObject } from "sessionwire/backend";
import type { PhpEntry, PhpNode } from "../php-text/nodes.ts";
import { isList, lastEntries } from "./entries.ts";
import type { NodeValues } from "./node-values.ts";
import { isPhpValue, nodeIn } from "./php-value.ts";

/** Checks if a node reads as a value, whatever the order of its members. */
export function readsAs(node: PhpNode, value: Json | undefined, values: NodeValues): boolean {
  if (isPhpValue(value)) return nodeIn(value) === values.objectOf(node);
  switch (node.kind) {
    case "null":
      return value === null;
    case "boolean":
    case "integer":
    case "float":
    case "string":
      return node.value === value;
    case "array":
      return readsAsMembers(lastEntries(node.entries), value, values);
    default:
      return false;
  }
}

function readsAsMembers(entries: readonly PhpEntry[], value: Json | undefined, values: NodeValues): boolean {
  if (Array.isArray(value)) {
    if (value.length !== entries.length || !isList(entries)) return false;
    return entries.every(({ value: node }, index) => readsAs(node, value[index], values));
  }
  return isJsonObject(value) && areMembersOf(entries, value, values);
}

function areMembersOf(entries: readonly PhpEntry[], object: JsonObject, values: NodeValues): boolean {
  if (Object.keys(object).length !== entries.length) return false;
  return entries.every(({ key, value }) => {
    const name = String(key);
    return typeof key !== "object" && Object.hasOwn(object, name) && readsAs(value, object[name], values);
  });
}
