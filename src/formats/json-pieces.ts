import type { Span } from "./json-scan.ts";

/** Bytes that are put together of text and of what is there as bytes. */
export class JsonPieces {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  /** Not encoded yet: what follows may go together with it. */
  #text = "";

  addText(text: string): void {
    this.#text += text;
  }

  /** Adds bytes, and tells where they will stand. */
  addBytes(bytes: Uint8Array): Span {
    this.#encodeText();
    const start = this.#length;
    this.#push(bytes);
    return { start, end: this.#length };
  }

  join(): Uint8Array {
    this.#encodeText();
    const joined = new Uint8Array(this.#length);
    let place = 0;
    for (const piece of this.#pieces) {
      joined.set(piece, place);
      place += piece.length;
    }
    return joined;
  }

  #encodeText(): void {
    if (this.#text !== "") this.#push(encoder.encode(this.#text));
    this.#text = "";
  }

  #push(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }
}

const encoder = new TextEncoder();
