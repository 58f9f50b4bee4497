import type { Json, JsonObject } from "./json.ts";
import type { JsonPieces } from "./json-pieces.ts";
import { membersAt, type Span, skipSpace } from "./json-scan.ts";
import type { SessionRecord } from "./record.ts";

/** Making the text of a smaller value takes no longer than putting bytes together. */
const MIN_BYTES = 2048;

/** A record with the texts of its values, which goes along to the records that are made of it. */
export interface TextedRecord extends SessionRecord {
  readonly texts?: KeptTexts | undefined;
}

interface KeptText extends Span {
  readonly value: Json;
}

/**
 * The texts of large values as they stand in the bytes that were read or made last. A value never changes, so that one which is
 * the same object has the same text, in whichever record: no more than time is lost where it is not found.
 */
export class KeptTexts {
  #data: Uint8Array | undefined;
  #object: JsonObject = {};
  #parent: string | undefined;
  #texts: ReadonlyMap<string, KeptText> | undefined;

  /** Takes what stands in the bytes for the members of `object`: their outermost one, or what that has under the name of `parent`. */
  take(data: Uint8Array, object: JsonObject, parent?: string): this {
    this.#data = data;
    this.#object = object;
    this.#parent = parent;
    this.#texts = undefined;
    return this;
  }

  /** Tells whether there is any. */
  get isEmpty(): boolean {
    return this.#found().size === 0;
  }

  /** Writes the members of an object, and lets the caller keep where they stand once there are the bytes. */
  write(object: JsonObject, pieces: JsonPieces): (data: Uint8Array) => void {
    const known = this.#found();
    const next = new Map<string, KeptText>();
    let comma = "";
    for (const [name, value] of Object.entries(object)) {
      pieces.addText(`${comma}${JSON.stringify(name)}:`);
      comma = ",";
      const text = this.#textOf(known.get(name), value);
      if (typeof text === "string") pieces.addText(text);
      else next.set(name, { value, ...pieces.addBytes(text) });
    }
    return (data) => {
      this.#data = data;
      this.#texts = next;
    };
  }

  #textOf(known: KeptText | undefined, value: Json): Uint8Array | string {
    if (known && this.#data && Object.is(known.value, value)) return this.#data.subarray(known.start, known.end);
    const text = JSON.stringify(value);
    return text.length < MIN_BYTES ? text : encoder.encode(text);
  }

  /** Looked for when something is to be written: most sessions are only read. */
  #found(): ReadonlyMap<string, KeptText> {
    this.#texts ??= this.#find();
    return this.#texts;
  }

  #find(): ReadonlyMap<string, KeptText> {
    const texts = new Map<string, KeptText>();
    const data = this.#data;
    if (data === undefined || data.length < MIN_BYTES) return texts;
    for (const { name, value } of membersOf(data, this.#parent)) {
      if (value.end - value.start < MIN_BYTES) continue;
      const text = nameAt(data, name);
      texts.set(text, { value: this.#object[text] as Json, ...value }); // it was read from there
    }
    this.#object = {};
    return texts;
  }
}

function membersOf(data: Uint8Array, parent: string | undefined): ReturnType<typeof membersAt> {
  const members = membersAt(data, skipSpace(data, 0));
  if (parent === undefined) return members;
  const found = members.find(({ name }) => nameAt(data, name) === parent);
  return found ? membersAt(data, found.value.start) : [];
}

function nameAt(data: Uint8Array, { start, end }: Span): string {
  return JSON.parse(decoder.decode(data.subarray(start, end)));
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
