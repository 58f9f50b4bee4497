import type { Json } from "./json.ts";
import { type KeptText, KeptTexts, MIN_KEPT_BYTES } from "./kept-texts.ts";
import { utf8Length, writeUtf8 } from "./utf8.ts";

/** Writes JSON as UTF-8. Members whose text is kept are copied as bytes, those that stood side by side at once. */
export class JsonWriter {
  readonly #known: KeptTexts;
  readonly #kept = new Map<string, KeptText>();
  /** Text, and bytes as they are. */
  readonly #pieces: (string | Uint8Array)[] = [];
  /** The number of bytes of the pieces. */
  #length = 0;
  /** No piece yet: what follows may go together with it. */
  #text = "";
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
    this.#endText();
    const data = joined(this.#pieces, this.#length);
    this.#known.replace(data, this.#kept);
    return data;
  }

  #addKnown(name: string, { value, start, end }: KeptText): void {
    // One byte between two members can only be their comma.
    if (start !== this.#copiedTo + 1) {
      this.#copy();
      this.#text += this.#separator;
      this.#endText();
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
    if (text.length < MIN_KEPT_BYTES) {
      this.#text += text;
      return;
    }
    this.#endText();
    const start = this.#length;
    this.#push(encoder.encode(text));
    this.#kept.set(name, { value, start, end: this.#length });
  }

  #copy(): void {
    if (this.#copiedTo !== NOWHERE) this.#push(this.#known.data.subarray(this.#copiedFrom, this.#copiedTo));
    this.#copiedTo = NOWHERE;
  }

  #endText(): void {
    if (this.#text === "") return;
    this.#pieces.push(this.#text);
    this.#length += utf8Length(this.#text);
    this.#text = "";
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
const encoder = new TextEncoder();
