import { checkMethods } from "../backend/checks.ts";
import type { SessionFormat } from "./format.ts";

/**
 * Checks the members of a format. Otherwise a missing one, or one of the wrong type, would only fail at the first
 * session that needs it.
 */
export function checkFormat(format: SessionFormat): void {
  checkMethods("The format", format, methods);
  const { defaults, storesAttributeEnds } = format;
  for (const name of ["name", "keyPrefix"] as const) checkType(name, format[name], "string");
  for (const name of ["acceptsForeignIds", "storesTokens", "storesForwards"] as const)
    checkType(name, format[name], "boolean");
  if (storesAttributeEnds !== undefined) checkType("storesAttributeEnds", storesAttributeEnds, "boolean");
  for (const name of ["idOf", "acceptsOpaque"] as const)
    if (format[name] !== undefined) checkType(name, format[name], "function");
  if (typeof defaults !== "object" || defaults === null) throw new TypeError("The format has no defaults.");
}

const methods: readonly (keyof SessionFormat)[] = [
  "createId",
  "isId",
  "keyOf",
  "create",
  "decode",
  "encode",
  "flashEntry",
  "stamp",
  "ttlSeconds",
  "ttlSecondsOfRead",
  "checkAttribute",
  "checkMetadata",
];

function checkType(name: keyof SessionFormat, value: unknown, type: "string" | "boolean" | "function"): void {
  if (typeof value === type) return;
  throw new TypeError(`The format's ${name} must be a ${type}.`);
}
