import { encoder } from "../utf8.ts";
import type { Json } from "./json.ts";
import { type KeptText, KeptTexts, MIN_KEPT_BYTES } from "./kept-texts.ts";

/**
 * Writes JSON as UTF-8, reusing the same memory for each text. Members whose text is kept are copied as bytes, adjacent
 * ones in one copy.
 */
export class JsonWriter {
  #bytes = new Uint8Array(USUAL_SIZE);
  #length = 0;
  /** The text not yet encoded: encoding one long text takes much less time than several short ones. */
  #text = "";
  #separator = "";
  #known = new KeptTexts();
  #kept = new Map<string, KeptText>();
  /** The range of members to copy next. */
  #copiedFrom = NOWHERE;
  #copiedTo = NOWHERE;

  /** Begins a new text, which may reuse the known texts of members. */
  begin(known: KeptTexts = new KeptTexts()): this {
    this.#known = known;
    this.#kept = new Map();
    this.#length = 0;
    this.#text = "";
    this.#copiedTo = NOWHERE;
    return this;
  }

  /** Adds the text before the first member of an object or after the last one. */
  addText(text: string): void {
    this.#copy();
    this.#text += text;
    this.#separator = "";
  }

  addMember(name: string, value: Json): void {
    const known = this.#known.find(name, value);
    if (known) this.#addKnown(name, known);
    else this.#addNew(name, value);
    this.#separator = ",";
  }

  /** Returns the bytes, and remembers the positions of the members. */
  finish(): Uint8Array {
    this.#copy();
    this.#encode();
    const data = this.#bytes.slice(0, this.#length);
    this.#known.replace(data, this.#kept);
    if (this.#bytes.length > MAX_SIZE_BETWEEN) this.#bytes = new Uint8Array(USUAL_SIZE);
    return data;
  }

  #addKnown(name: string, { value, start, end }: KeptText): void {
    // A single byte between two members can only be the comma.
    if (start !== this.#copiedTo + 1) {
      this.#copy();
      this.#text += this.#separator;
      this.#encode();
      this.#copiedFrom = start;
    }
    this.#copiedTo = end;
    const shift = this.#length - this.#copiedFrom;
    this.#kept.set(name, { value, start: start + shift, end: end + shift });
  }

  #addNew(name: string, value: Json): void {
    this.#copy();
    this.#text += this.#separator;
    const text = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    if (text.length >= MIN_KEPT_BYTES) this.#addKept(name, value, text);
    else this.#text += text;
  }

  #addKept(name: string, value: Json, text: string): void {
    this.#encode();
    const start = this.#length;
    this.#text = text;
    this.#encode();
    this.#kept.set(name, { value, start, end: this.#length });
  }

  #copy(): void {
    if (this.#copiedTo === NOWHERE) return;
    this.#add(this.#known.data.subarray(this.#copiedFrom, this.#copiedTo));
    this.#copiedTo = NOWHERE;
  }

  #encode(): void {
    const text = this.#text;
    this.#text = "";
    if (text.length > MAX_SHORT_LENGTH) {
      this.#add(encoder.encode(text));
    } else {
      this.#makeRoom(text.length * MAX_UNIT_BYTES);
      this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
    }
  }

  #add(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #makeRoom(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * needed);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** An index that no member follows. */
const NOWHERE = -1;
const USUAL_SIZE = 8192;
/** Larger memory is released after each text. */
const MAX_SIZE_BETWEEN = 65_536;
/** A longer text is encoded first and then copied; otherwise, three times its length would be reserved. */
const MAX_SHORT_LENGTH = 4096;
/** Maximum number of UTF-8 bytes for one UTF-16 unit. */
const MAX_UNIT_BYTES = 3;
