import { isJsonObject, type Json, type JsonObject } from "./json.ts";

/** Checks if JSON would represent two values by the same text. An opaque value is only the same as itself. */
export function isSameJson(one: Json, other: Json | undefined): boolean {
  if (Array.isArray(one)) return Array.isArray(other) && areSame(one, other);
  if (isJsonObject(one)) return isJsonObject(other) && haveSameMembers(one, other);
  return one === other;
}

function areSame(ones: readonly Json[], others: readonly Json[]): boolean {
  return ones.length === others.length && ones.every((one, index) => isSameJson(one, others[index]));
}

function haveSameMembers(one: JsonObject, other: JsonObject): boolean {
  const names = Object.keys(one);
  const otherNames = Object.keys(other);
  return (
    names.length === otherNames.length &&
    names.every((name, index) => name === otherNames[index] && isSameJson(one[name] as Json, other[name]))
  );
}
