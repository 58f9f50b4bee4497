import { isOpaqueValue, type Json } from "sessionwire/backend";

/** Freezes plain data at every level. */
export function frozen(value: Json): Json {
  if (typeof value !== "object" || value === null || isOpaqueValue(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
