import type { Json } from "./json.ts";
import { type KeptText, KeptTexts, MIN_KEPT_BYTES } from "./kept-texts.ts";
import { utf8Length, writeUtf8 } from "./utf8.ts";

/** Writes JSON as UTF-8. Members whose text is kept are copied as bytes, those that stood side by side at once. */
export class JsonWriter {
  readonly #known: KeptTexts;
  readonly #kept = new Map<string, KeptText>();
  readonly #pieces: (string | Uint8Array)[] = [];
  /** The number of bytes of the pieces. */
  #length = 0;
  #separator = "";
  /** The members that are to be copied next. */
  #copiedFrom = NOWHERE;
  #copiedTo = NOWHERE;

  constructor(known: KeptTexts = new KeptTexts()) {
    this.#known = known;
  }

  /** Adds what stands before the first member of an object, or behind the last one. */
  addText(text: string): void {
    this.#copy();
    this.#pushText(text);
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
    const data = joined(this.#pieces, this.#length);
    this.#known.replace(data, this.#kept);
    return data;
  }

  #addKnown(name: string, { value, start, end }: KeptText): void {
    // One byte between two members can only be their comma.
    if (start !== this.#copiedTo + 1) {
      this.#copy();
      this.#pushText(this.#separator);
      this.#copiedFrom = start;
    }
    this.#copiedTo = end;
    const shift = this.#length - this.#copiedFrom;
    this.#kept.set(name, { value, start: start + shift, end: end + shift });
  }

  #addNew(name: string, value: Json): void {
    this.#copy();
    this.#pushText(this.#separator);
    const start = this.#length;
    this.#pushText(JSON.stringify(name));
    this.#pushText(":");
    this.#pushText(JSON.stringify(value));
    if (this.#length - start >= MIN_KEPT_BYTES) this.#kept.set(name, { value, start, end: this.#length });
  }

  #copy(): void {
    if (this.#copiedTo === NOWHERE) return;
    this.#push(this.#known.data.subarray(this.#copiedFrom, this.#copiedTo));
    this.#copiedTo = NOWHERE;
  }

  #pushText(text: string): void {
    if (text.length < MIN_ENCODED_LENGTH) {
      this.#pieces.push(text);
      this.#length += utf8Length(text);
    } else {
      this.#push(encoder.encode(text));
    }
  }

  #push(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }
}

function joined(pieces: readonly (string | Uint8Array)[], length: number): Uint8Array {
  const data = new Uint8Array(length);
  let end = 0;
  for (const piece of pieces) {
    if (typeof piece === "string") {
      end = writeUtf8(piece, data, end);
    } else {
      data.set(piece, end);
      end += piece.length;
    }
  }
  return data;
}

/** No member stands behind it. */
const NOWHERE = -1;
/** A shorter text is written faster than an encoder is called, and makes no object. */
const MIN_ENCODED_LENGTH = 256;
const encoder = new TextEncoder();
