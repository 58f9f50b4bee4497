import { SessionError } from "../errors.ts";
import { isOpaqueValue, type OpaqueValue, opaqueBytes } from "./opaque-value.ts";

/**
 * A value that a session can hold: anything that JSON can represent, and the opaque values of a format that has any.
 *
 * @public
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json } | OpaqueValue;

/**
 * A JSON object.
 *
 * @public
 */
export interface JsonObject {
  /** A member. */
  readonly [name: string]: Json;
}

/**
 * Maximum nesting depth of values. JSON.parse accepts any depth; JSON.stringify overflows the stack from a few thousand
 * levels on.
 */
export const MAX_DEPTH: number = 100;

/** The part of a format that decides about opaque values. */
export interface OpaqueRule {
  acceptsOpaque?(value: OpaqueValue): boolean;
}

/**
 * The space left in a session, counted as the minimum that JSON needs. Values that cannot be stored are refused before
 * they are copied, and no value is refused that could be stored.
 */
export class Room {
  readonly #format: OpaqueRule;
  readonly #maxBytes: number;
  readonly #usedBefore: number;
  /** The number of bytes taken. */
  taken = 0;

  constructor(format: OpaqueRule, maxBytes: number = Infinity, usedBefore = 0) {
    this.#format = format;
    this.#maxBytes = maxBytes;
    this.#usedBefore = usedBefore;
  }

  /** Throws if fewer bytes are left. */
  ensure(bytes: number): void {
    if (this.#usedBefore + this.taken + bytes > this.#maxBytes) throw tooLarge(this.#maxBytes);
  }

  take(bytes: number): void {
    this.ensure(bytes);
    this.taken += bytes;
  }

  /**
   * Includes the quotation marks and the colon or comma that follows. UTF-8 never has fewer bytes than UTF-16 has
   * units.
   */
  takeText(text: string): void {
    this.take(text.length + 3);
  }

  /** Throws for an opaque value that the format does not know. */
  takeOpaque(value: OpaqueValue): void {
    if (!this.#format.acceptsOpaque?.(value)) throw notPlain("an opaque value of another format");
    this.take(value[opaqueBytes]);
  }
}

function tooLarge(maxBytes: number): SessionError {
  const message = `The value does not fit: a session may have at most ${maxBytes} bytes.`;
  return new SessionError("too-large", message, { outcome: "not-applied" });
}

/**
 * Returns a copy of plain data that shares nothing with it but opaque values, which never change. Values that JSON
 * cannot represent, or would change, are refused with a `TypeError`, whose message names their kind but not their content, which is session data. Values that
 * do not fit are refused as `too-large`.
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
      if (isOpaqueValue(value)) {
        room.takeOpaque(value);
        return value;
      }
      if (levels === 0) throw notPlain(`more than ${MAX_DEPTH} levels, or a cycle`);
      return Array.isArray(value) ? copyArray(value, room, levels - 1) : copyObject(value, room, levels - 1);
    default:
      throw notPlain(value === undefined ? "undefined" : `a ${typeof value}`);
  }
}

/** Minimum size of a value: a digit or an opening bracket, and the comma or closing bracket that follows. */
const NODE_BYTES = 2;
/** Minimum size of a member: an empty name and a value. */
const MEMBER_BYTES: number = 3 + NODE_BYTES;

function copyArray(array: readonly unknown[], room: Room, levels: number): Json {
  if (!isPlainArray(array)) throw notPlain("an instance of an array subclass");
  room.ensure(array.length * NODE_BYTES); // before its keys are listed, which takes more memory than the array itself
  if (Object.keys(array).length !== array.length) throw notPlain("an array with holes, or with properties of its own");
  const copy: Json[] = [];
  for (let index = 0; index < array.length; index += 1) copy.push(copyJson(array[index], room, levels)); // also refuses a hole
  return copy;
}

function copyObject(object: object, room: Room, levels: number): Json {
  if (object instanceof Date) throw notPlain("a Date; store its `toISOString()` or `getTime()`");
  if (!isPlain(object)) throw notPlain("an instance of a class, such as a Map");
  if (Object.getOwnPropertySymbols(object).length > 0) throw notPlain("a property with a symbol as its name");
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

/** Checks if it is the `Object.prototype` of any realm. */
function isRoot(prototype: unknown): boolean {
  return (
    prototype !== null && Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "valueOf")
  );
}

/** Defines `__proto__` as a property, because assigning to it would change the prototype instead. */
function setOwn<T>(object: Record<string, T>, name: string, value: T): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
}

function notPlain(what: string): TypeError {
  return new TypeError(`A session holds plain data that JSON can represent, not ${what}.`);
}

/** Returns a copy of a value known to be plain data. */
export function cloneJson(value: Json): Json {
  if (Array.isArray(value)) return value.map(cloneJson);
  return isJsonObject(value) ? mapMembers(value, cloneJson) : value;
}

/** Returns an object with the same names and mapped values. */
export function mapMembers(object: JsonObject, map: (value: Json) => Json): JsonObject {
  const members: Record<string, Json> = {};
  for (const [name, value] of Object.entries(object)) setOwn(members, name, map(value));
  return members;
}

/** Returns the members of an object by name. It creates no pair for each member, which would take several times as long. */
export function toMap(object: JsonObject): Map<string, Json> {
  const members = new Map<string, Json>();
  for (const name in object) if (hasOwn.call(object, name)) members.set(name, object[name] as Json);
  return members;
}

/**
 * Checks if JSON is an object, neither an array, nor `null`, nor an opaque value.
 *
 * @public
 */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isOpaqueValue(value);
}

/** Safe for objects with a member named `hasOwnProperty`. */
export const hasOwn: (this: object, name: string) => boolean = Object.prototype.hasOwnProperty;
