import type { Json } from "./json.ts";
import { type KeptText, KeptTexts, MIN_KEPT_BYTES } from "./kept-texts.ts";

/**
 * Writes JSON as UTF-8, one text after the other into the same memory. Members whose text is kept are copied as bytes, those that
 * stood side by side at once.
 */
export class JsonWriter {
  #bytes = new Uint8Array(USUAL_SIZE);
  #length = 0;
  /** The text that is still to be encoded: one long text takes much less than several short ones. */
  #text = "";
  #separator = "";
  #known = new KeptTexts();
  #kept = new Map<string, KeptText>();
  /** The members that are to be copied next. */
  #copiedFrom = NOWHERE;
  #copiedTo = NOWHERE;

  /** Begins another text, in which the members may stand as they are known. */
  begin(known: KeptTexts = new KeptTexts()): this {
    this.#known = known;
    this.#kept = new Map();
    this.#length = 0;
    this.#text = "";
    this.#copiedTo = NOWHERE;
    return this;
  }

  /** Adds what stands before the first member of an object, or behind the last one. */
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

  /** Returns the bytes, and keeps where the members stand in them. */
  finish(): Uint8Array {
    this.#copy();
    this.#encode();
    const data = this.#bytes.slice(0, this.#length);
    this.#known.replace(data, this.#kept);
    if (this.#bytes.length > MAX_SIZE_BETWEEN) this.#bytes = new Uint8Array(USUAL_SIZE);
    return data;
  }

  #addKnown(name: string, { value, start, end }: KeptText): void {
    // One byte between two members can only be their comma.
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

/** No member stands behind it. */
const NOWHERE = -1;
const USUAL_SIZE = 8192;
/** More memory is not kept from one text to the next. */
const MAX_SIZE_BETWEEN = 65_536;
/** A longer text is encoded first, and then copied, or room would be made for three times as much. */
const MAX_SHORT_LENGTH = 4096;
/** The most bytes that a unit of UTF-16 takes as UTF-8. */
const MAX_UNIT_BYTES = 3;
const encoder = new TextEncoder();
