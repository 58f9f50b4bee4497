import { SessionError } from "../errors.ts";
import { hasMembers } from "./json-scan.ts";

/**
 * What a session can hold: what JSON can carry.
 *
 * @public
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The depth to which values may be nested. JSON.parse takes any, JSON.stringify runs out of stack from a few thousand on. */
const MAX_DEPTH = 100;

/**
 * What a session may still take in, counted as the least that JSON takes for it: so that what cannot be stored is refused before
 * it is copied, and nothing is refused that can.
 */
export class Room {
  readonly #maxBytes: number;
  readonly #usedBefore: number;
  /** The bytes that were taken of it. */
  taken = 0;

  constructor(maxBytes: number, usedBefore = 0) {
    this.#maxBytes = maxBytes;
    this.#usedBefore = usedBefore;
  }

  /** Throws if there is not so much left. */
  ensure(bytes: number): void {
    if (this.#usedBefore + this.taken + bytes > this.#maxBytes) throw tooLarge(this.#maxBytes);
  }

  take(bytes: number): void {
    this.ensure(bytes);
    this.taken += bytes;
  }

  /** With the quotation marks, and the colon or comma behind them. UTF-8 has no fewer bytes than UTF-16 has units. */
  takeText(text: string): void {
    this.take(text.length + 3);
  }
}

function tooLarge(maxBytes: number): SessionError {
  const message = `What is set takes more room than a session has, which is ${maxBytes} bytes.`;
  return new SessionError("too-large", message, { outcome: "not-applied" });
}

/**
 * A copy of plain data that shares nothing with it. What JSON cannot carry, or would change, is refused by a `TypeError`,
 * which says of what kind it is and not what it says, because that is session data. What has no room is refused as `too-large`.
 */
export function copyJson(value: unknown, room: Room, levels: number = MAX_DEPTH): Json {
  switch (typeof value) {
    case "string":
      room.takeText(value);
      return value;
    case "boolean":
      room.take(value ? 5 : 6);
      return value;
    case "number":
      if (!Number.isFinite(value)) throw notPlain("a number that is not finite");
      room.take(String(value).length + 1);
      return value === 0 ? 0 : value; // JSON has no -0
    case "object":
      room.take(value === null ? 5 : NODE_BYTES);
      if (value === null) return null;
      if (levels === 0) throw notPlain(`more than ${MAX_DEPTH} levels, or a cycle`);
      return Array.isArray(value) ? copyArray(value, room, levels - 1) : copyObject(value, room, levels - 1);
    default:
      throw notPlain(value === undefined ? "undefined" : `a ${typeof value}`);
  }
}

/** The least of a value: a digit or an opening bracket, and the comma or the closing bracket behind it. */
const NODE_BYTES = 2;
/** The least of a member: a name without letters, and a value. */
const MEMBER_BYTES: number = 3 + NODE_BYTES;

function copyArray(array: readonly unknown[], room: Room, levels: number): Json {
  if (!isPlainArray(array)) throw notPlain("an array of a class");
  room.ensure(array.length * NODE_BYTES); // before its keys are listed, which takes more room than it does itself
  if (Object.keys(array).length !== array.length) throw notPlain("an array with holes, or with properties of its own");
  const copy: Json[] = [];
  for (let place = 0; place < array.length; place += 1) copy.push(copyJson(array[place], room, levels)); // refuses a hole, too
  return copy;
}

function copyObject(object: object, room: Room, levels: number): Json {
  if (object instanceof Date) throw notPlain("a Date; its `toISOString` or `getTime` is");
  if (!isPlain(object)) throw notPlain("an object of a class, a Map for instance");
  if (Object.getOwnPropertySymbols(object).length > 0) throw notPlain("a property named by a symbol");
  const copy: Record<string, Json> = {};
  const names = Object.keys(object);
  room.ensure(names.length * MEMBER_BYTES);
  for (const name of names) {
    room.takeText(name);
    setOwn(copy, name, copyJson(object[name as never], room, levels));
  }
  return copy;
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || isRoot(prototype);
}

function isPlainArray(array: object): boolean {
  return isRoot(Object.getPrototypeOf(Object.getPrototypeOf(array)));
}

/** Tells whether it is the `Object.prototype` of any realm. */
function isRoot(prototype: unknown): boolean {
  return (
    prototype !== null && Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "valueOf")
  );
}

/** Assigning to `__proto__` would change the prototype instead. */
function setOwn<T>(object: Record<string, T>, name: string, value: T): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
}

function notPlain(what: string): TypeError {
  return new TypeError(`A session holds plain data as JSON can carry it, and not ${what}.`);
}

/** A copy of what is known to be plain data. */
export function cloneJson(value: Json): Json {
  if (Array.isArray(value)) return value.map(cloneJson);
  return isJsonObject(value) ? mapMembers(value, cloneJson) : value;
}

/** The same data, frozen at every level, with a word to whoever tries to change it in place. */
export function readOnly(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  const frozen = isJsonObject(value) ? mapMembers(value, readOnly) : value.map(readOnly);
  return new Proxy(Object.freeze(frozen) as object, refuseChanges) as Json;
}

function mapMembers(object: JsonObject, map: (value: Json) => Json): JsonObject {
  const members: Record<string, Json> = {};
  for (const [name, value] of Object.entries(object)) setOwn(members, name, map(value));
  return members;
}

const refuseChanges: ProxyHandler<object> = {
  set: refuse,
  defineProperty: refuse,
  deleteProperty: refuse,
  setPrototypeOf: refuse,
};

function refuse(): never {
  throw new TypeError(
    "Values of a session are read-only, as a change in place would be lost. Use `set`, with what `copy` gives; or `update`, " +
      "whose function gets a copy of its own.",
  );
}

/**
 * Reads the JSON that `data` holds.
 *
 * @throws {@link SessionError} with code `corrupt` for bytes that are no UTF-8, text that is no JSON, and a name that stands twice in
 * one object; never with anything of the text.
 *
 * @public
 */
export function parseJson(data: Uint8Array): Json {
  return readJson(data).value;
}

/** Reads JSON as {@link parseJson} does, and finds out on the way if {@link checkedJson} would take it. */
export function readJson(data: Uint8Array): { readonly value: Json; readonly isChecked: boolean } {
  try {
    const text = decoder.decode(data);
    const value: Json = JSON.parse(text);
    const census = new Census();
    census.count(value, MAX_DEPTH);
    // Of two members of one name, JSON.parse keeps the last, and another reader perhaps the first.
    if (!hasMembers(text, census.members)) throw new RangeError();
    return { value, isChecked: census.isPlain };
  } catch {
    // Not even as a cause: messages of JSON.parse quote the text.
    throw corrupt("it is not well-formed JSON");
  }
}

/** One walk over a value that was read. */
class Census {
  members = 0;
  /** Tells whether all numbers are in range, and all values within the levels. */
  isPlain = true;

  count(value: Json, levels: number): void {
    // Only a number too large for a double reads as Infinity.
    if (typeof value === "number") this.isPlain &&= Number.isFinite(value);
    if (typeof value !== "object" || value === null) return;
    if (levels <= 0) this.isPlain = false;
    if (Array.isArray(value)) for (const element of value) this.count(element, levels - 1);
    else this.#countMembers(value as JsonObject, levels - 1);
  }

  /** Lists no names, which would take longer than all the rest of the walk. */
  #countMembers(object: JsonObject, levels: number): void {
    for (const name in object) {
      if (!hasOwn.call(object, name)) continue; // a library may have put it on every object
      this.members += 1;
      this.count(object[name] as Json, levels);
    }
  }
}

const hasOwn = Object.prototype.hasOwnProperty;

/**
 * Returns a value that was read, if it is one that an application could have set: numbers in range, and at most 100 levels.
 *
 * @throws {@link SessionError} with code `corrupt` for any other.
 *
 * @public
 */
export function checkedJson(value: Json): Json {
  checkLevels(value, MAX_DEPTH);
  return value;
}

function checkLevels(value: Json, levels: number): void {
  if (typeof value === "number" && !Number.isFinite(value)) throw corrupt("it has a number out of range");
  if (typeof value !== "object" || value === null) return;
  if (levels === 0) throw corrupt(`it has values of more than ${MAX_DEPTH} levels`);
  for (const member of Object.values(value)) checkLevels(member, levels - 1);
}

/**
 * Writes JSON as UTF-8.
 *
 * @public
 */
export function encodeJson(value: Json): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

// They keep nothing from one call to the next, and take longer to make than to use.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Makes the error of bytes that a format cannot read. `why` completes "What is stored is no session of this format: …", and holds
 * nothing of what is stored.
 *
 * @public
 */
export function corrupt(why: string): SessionError {
  return new SessionError("corrupt", `What is stored is no session of this format: ${why}.`, {
    outcome: "not-applied",
  });
}

/**
 * An object of JSON.
 *
 * @public
 */
export interface JsonObject {
  /** A member. */
  readonly [name: string]: Json;
}

/** The members of an object by their names. Makes no pair for each of them, which would take several times as long. */
export function toMap(object: JsonObject): Map<string, Json> {
  const members = new Map<string, Json>();
  for (const name in object) if (hasOwn.call(object, name)) members.set(name, object[name] as Json);
  return members;
}

/**
 * Tells whether JSON is an object, and neither an array nor `null`.
 *
 * @public
 */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
