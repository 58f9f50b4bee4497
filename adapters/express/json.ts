import type { Json } from "sessionwire";

/**
 * Returns a value as JSON represents it, or `undefined` if JSON leaves it out. If the result equals `known`, returns
 * `known` itself and copies nothing.
 *
 * @throws The errors of JSON.stringify.
 */
export function jsonOf(value: unknown, known: Json | undefined): Json | undefined {
  if (known !== undefined && isWrittenAs(value, known)) return known;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) return undefined;
  const json: Json = JSON.parse(text);
  return known !== undefined && isWrittenAs(json, known) ? known : json;
}

/**
 * Returns true if JSON.stringify writes a value exactly as it writes `json`, with members in the same order. Only plain
 * data is compared; for everything else the answer is `false`, even if it would be written the same.
 */
export function isWrittenAs(value: unknown, json: Json): boolean {
  if (typeof value !== "object" || value === null) return value === json;
  if (typeof json !== "object" || json === null || "toJSON" in value) return false;
  if (value === json) return true;
  if (Array.isArray(value)) return Array.isArray(json) && isArrayWrittenAs(value, json);
  return !Array.isArray(json) && isObjectWrittenAs(value, json as { readonly [name: string]: Json });
}

function isArrayWrittenAs(array: readonly unknown[], json: readonly Json[]): boolean {
  if (array.length !== json.length) return false;
  for (let index = 0; index < json.length; index += 1) {
    if (!isWrittenAs(array[index], json[index] as Json)) return false; // the index is within the length
  }
  return true;
}

/** Compares plain objects only, because JSON does not treat boxed strings and numbers as objects. */
function isObjectWrittenAs(object: object, json: { readonly [name: string]: Json }): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) return false;
  const names = Object.keys(json);
  let index = 0;
  // Listing the keys would take most of the time here.
  for (const name in object) {
    if (name !== names[index] || !isWrittenAs(object[name as never], json[name] as Json)) return false;
    index += 1;
  }
  return index === names.length;
}

/** Returns a copy that the application may change. Spreading keeps a member named `__proto__`; assigning would not. */
export function mutableCopy(json: Json): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(mutableCopy);
  const copy: Record<string, unknown> = { ...json };
  // Listing the keys would take most of the time here.
  for (const name in copy) {
    const value = copy[name];
    if (typeof value !== "object" || value === null || !Object.hasOwn(copy, name)) continue;
    setOwn(copy, name, mutableCopy(value as Json)); // part of JSON data
  }
  return copy;
}

/** Defines a member. Assigning to `__proto__` would change the prototype instead. */
export function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
}
