import { SessionError } from "../errors.ts";
import { encoder } from "../utf8.ts";
import { hasOwn, type Json, type JsonObject, MAX_DEPTH } from "./json.ts";
import { hasMembers } from "./json-scan.ts";

/**
 * Parses the JSON in `data`.
 *
 * @throws {@link SessionError} with code `corrupt` for bytes that are not UTF-8, text that is not JSON, and an object
 * with a duplicate name; its message contains nothing of the text.
 *
 * @public
 */
export function parseJson(data: Uint8Array): Json {
  return readJson(data).value;
}

/** Parses JSON as {@link parseJson} does, and also determines if {@link checkedJson} would accept it. */
export function readJson(data: Uint8Array): { readonly value: Json; readonly isChecked: boolean } {
  try {
    const text = decoder.decode(data);
    const value: Json = JSON.parse(text);
    const census = new Census();
    census.count(value, MAX_DEPTH);
    // Of two members with one name, JSON.parse keeps the last; another reader may keep the first.
    if (!hasMembers(text, census.members)) throw new RangeError();
    return { value, isChecked: census.isPlain };
  } catch {
    // Omitted even as a cause: messages of JSON.parse quote the text.
    throw corrupt("it is not well-formed JSON");
  }
}

/** A single pass over a parsed value. */
class Census {
  members = 0;
  /** `true` while all numbers are in range and all values within the maximum depth. */
  isPlain = true;

  count(value: Json, levels: number): void {
    // Only a number too large for a double parses to Infinity.
    if (typeof value === "number") this.isPlain &&= Number.isFinite(value);
    if (typeof value !== "object" || value === null) return;
    if (levels <= 0) this.isPlain = false;
    if (Array.isArray(value)) for (const element of value) this.count(element, levels - 1);
    else this.#countMembers(value as JsonObject, levels - 1);
  }

  /** Avoids listing the names, which would take longer than the rest of the pass. */
  #countMembers(object: JsonObject, levels: number): void {
    for (const name in object) {
      if (!hasOwn.call(object, name)) continue; // a library may have added it to all objects
      this.members += 1;
      this.count(object[name] as Json, levels);
    }
  }
}

/**
 * Returns a parsed value if an application could have set it: numbers in range, and at most 100 levels.
 *
 * @throws {@link SessionError} with code `corrupt` for any other value.
 *
 * @public
 */
export function checkedJson(value: Json): Json {
  checkLevels(value, MAX_DEPTH);
  return value;
}

function checkLevels(value: Json, levels: number): void {
  if (typeof value === "number" && !Number.isFinite(value)) throw corrupt("it contains a number out of range");
  if (typeof value !== "object" || value === null) return;
  if (levels === 0) throw corrupt(`it is nested more than ${MAX_DEPTH} levels deep`);
  for (const member of Object.values(value)) checkLevels(member, levels - 1);
}

/**
 * Encodes JSON as UTF-8.
 *
 * @public
 */
export function encodeJson(value: Json): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

// Shared because they keep no state between calls and take longer to create than to use.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Creates the error for bytes that a format cannot read. `why` completes the sentence "The stored data is not a session
 * of this format: …" and must not contain any of the data.
 *
 * @public
 */
export function corrupt(why: string): SessionError {
  return new SessionError("corrupt", `The stored data is not a session of this format: ${why}.`, {
    outcome: "not-applied",
  });
}
