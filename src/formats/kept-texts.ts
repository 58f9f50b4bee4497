import { decoder } from "../utf8.ts";
import type { Json, JsonObject } from "./json.ts";
import { endOfValue, type Member, nextMember, type Span, skipSpace } from "./json-scan.ts";
import type { SessionRecord } from "./record.ts";

/** Minimum size of a member worth keeping: serializing a smaller one costs less than remembering its text. */
export const MIN_KEPT_BYTES = 64;

/** A record with the texts of its members, which are passed on to records derived from it. */
export interface TextedRecord extends SessionRecord {
  readonly texts?: KeptTexts | undefined;
}

/** The range of the bytes that holds the name and value of a member. */
export interface KeptText extends Span {
  readonly value: Json;
}

/**
 * The texts of members in the bytes that were last read or written. Values never change, so the same object always has
 * the same text, in any record. If a text is not found, only time is lost.
 */
export class KeptTexts {
  data: Uint8Array = nothing;
  #object: JsonObject | undefined;
  #parent: string | undefined;
  #texts: ReadonlyMap<string, KeptText> = none;

  /**
   * Takes the bytes that hold the members of `object`, either as the outermost object or as the value of its member
   * `parent`.
   */
  take(data: Uint8Array, object: JsonObject, parent?: string): this {
    this.data = data;
    this.#object = object;
    this.#parent = parent;
    return this;
  }

  find(name: string, value: Json): KeptText | undefined {
    // Searched only when something is written: most sessions are only read.
    if (this.#object) this.replace(this.data, textsOf(this.data, this.#object, this.#parent));
    const text = this.#texts.get(name);
    return text && Object.is(text.value, value) ? text : undefined;
  }

  /** Takes other bytes, and the positions of the members in them. */
  replace(data: Uint8Array, texts: ReadonlyMap<string, KeptText>): void {
    this.data = data;
    this.#texts = texts;
    this.#object = undefined;
  }
}

const nothing = new Uint8Array();
const none: ReadonlyMap<string, KeptText> = new Map();

function textsOf(data: Uint8Array, object: JsonObject, parent: string | undefined): ReadonlyMap<string, KeptText> {
  const texts = new Map<string, KeptText>();
  let member = firstMember(data, parent);
  while (member) {
    const { start } = member.name;
    const end = endOfValue(data, member.valueStart);
    if (end - start >= MIN_KEPT_BYTES) {
      const name = nameAt(data, member.name);
      texts.set(name, { value: object[name] as Json, start, end }); // the name was read from this object
    }
    member = nextMember(data, end);
  }
  return texts;
}

/** Returns `undefined` if it finds no member, for instance because the parent's name has escapes; then no text is kept. */
function firstMember(data: Uint8Array, parent: string | undefined): Member | undefined {
  const first = nextMember(data, skipSpace(data, 0) + 1);
  if (parent === undefined) return first;
  let member = first;
  while (member && !isNameAt(data, member.name, parent)) member = nextMember(data, endOfValue(data, member.valueStart));
  return member && nextMember(data, member.valueStart + 1);
}

function isNameAt(data: Uint8Array, { start, end }: Span, name: string): boolean {
  if (end - start !== name.length + 2) return false;
  for (let index = 0; index < name.length; index += 1) {
    if (data[start + 1 + index] !== name.charCodeAt(index)) return false;
  }
  return true;
}

function nameAt(data: Uint8Array, { start, end }: Span): string {
  return JSON.parse(decoder.decode(data.subarray(start, end)));
}
