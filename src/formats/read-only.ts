import { isJsonObject, type Json, mapMembers } from "./json.ts";
import { isOpaqueValue } from "./opaque-value.ts";

/** Returns the same data, frozen at every level up to opaque values, with an explanation for code that tries to change it in place. */
export function readOnly(value: Json): Json {
  if (typeof value !== "object" || value === null || isOpaqueValue(value)) return value;
  const frozen = isJsonObject(value) ? mapMembers(value, readOnly) : value.map(readOnly);
  return new Proxy(Object.freeze(frozen) as object, refuseChanges) as Json;
}

const refuseChanges: ProxyHandler<object> = {
  set: refuse,
  defineProperty: refuse,
  deleteProperty: refuse,
  setPrototypeOf: refuse,
};

function refuse(): never {
  throw new TypeError(
    "Values of a session are read-only: a change in place would be lost. Use `set` with a value from `copy`, or `update`, " +
      "whose function receives a copy.",
  );
}
