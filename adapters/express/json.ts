import type { Json } from "sessionwire";

/**
 * What JSON makes of a value, and `undefined` where it leaves it out. Where that is just `known`, it is `known` itself, and nothing
 * is copied.
 *
 * @throws What JSON.stringify throws.
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
 * Whether JSON.stringify writes a value just as it writes `json`, members in the same order. Plain data is told by looking at it; of
 * everything else the answer is `false`, though it may be written the same.
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
    if (!isWrittenAs(array[index], json[index] as Json)) return false; // it is within the length
  }
  return true;
}

/** Boxed texts and numbers are no objects to JSON, so that only what is plain is looked into. */
function isObjectWrittenAs(object: object, json: { readonly [name: string]: Json }): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) return false;
  const names = Object.keys(json);
  let index = 0;
  // Lists no keys, which would be most of what this takes.
  for (const name in object) {
    if (name !== names[index] || !isWrittenAs(object[name as never], json[name] as Json)) return false;
    index += 1;
  }
  return index === names.length;
}

/** A copy that the application may change. What is spread keeps a member named `__proto__`, which assigning would not. */
export function mutableCopy(json: Json): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(mutableCopy);
  const copy: Record<string, unknown> = { ...json };
  // Lists no keys, which would be most of what this takes.
  for (const name in copy) {
    const value = copy[name];
    if (typeof value !== "object" || value === null || !Object.hasOwn(copy, name)) continue;
    setOwn(copy, name, mutableCopy(value as Json)); // a part of it
  }
  return copy;
}

/** Assigning to `__proto__` would change the prototype instead. */
export function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
}
