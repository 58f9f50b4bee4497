import { ByteSink } from "../php-text/byte-sink.ts";

/** The bytes of the written session. Adjacent ranges of the original are copied at once. */
export class Output {
  readonly #original: Uint8Array;
  readonly #sink: ByteSink;
  #start = 0;
  #end = 0;

  constructor(original: Uint8Array) {
    this.#original = original;
    this.#sink = new ByteSink(original.length + SPARE);
  }

  /** Copies a range of the original. */
  copy(start: number, end: number): void {
    if (start !== this.#end) {
      this.#flush();
      this.#start = start;
    }
    this.#end = end;
  }

  /** Receives everything else. */
  get sink(): ByteSink {
    this.#flush();
    return this.#sink;
  }

  take(): Uint8Array {
    return this.sink.take();
  }

  #flush(): void {
    if (this.#end > this.#start) this.#sink.bytes(this.#original.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }
}

/** Room for a small addition. */
const SPARE = 256;
