import type { Json } from "../../formats/json.ts";
import type { FlashEntry, SessionRecord } from "../../formats/record.ts";
import { Overlay } from "./overlay.ts";

/** The content of a session with changes laid over it. A working copy over another one is a savepoint. */
export class WorkingCopy {
  readonly attributes: Overlay<Json>;
  readonly flashes: Overlay<readonly FlashEntry[]>;
  readonly metadata: Overlay<Json>;
  readonly #below: SessionRecord | WorkingCopy;

  constructor(below: SessionRecord | WorkingCopy) {
    this.#below = below;
    this.attributes = new Overlay(below.attributes);
    this.flashes = new Overlay(below.flashes);
    this.metadata = new Overlay(below.metadata);
  }

  get tokens(): readonly string[] {
    return this.#below.tokens;
  }

  /** The least that the changes take when they are stored. */
  get bytes(): number {
    return this.attributes.bytes + this.flashes.bytes + this.metadata.bytes;
  }

  get isChanged(): boolean {
    return this.attributes.isChanged || this.flashes.isChanged || this.metadata.isChanged;
  }

  applyTo(content: WorkingCopy): void {
    this.attributes.applyTo(content.attributes);
    this.flashes.applyTo(content.flashes);
    this.metadata.applyTo(content.metadata);
  }

  /** The content as it stands; the record below itself while nothing is changed. */
  get record(): SessionRecord {
    if (this.isChanged) return this.toRecord(this.tokens);
    return this.#below instanceof WorkingCopy ? this.#below.record : this.#below;
  }

  get #origin(): SessionRecord {
    return this.#below instanceof WorkingCopy ? this.#below.#origin : this.#below;
  }

  /** Keeps what a format has put into the record besides. */
  toRecord(tokens: readonly string[]): SessionRecord {
    return {
      ...this.#origin,
      attributes: this.attributes.toMap(),
      flashes: this.flashes.toMap(),
      metadata: this.metadata.toMap(),
      tokens,
    };
  }
}
