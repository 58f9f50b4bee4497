import type { Json } from "../../formats/json.ts";
import type { FlashEntry, SessionRecord } from "../../formats/record.ts";
import { Overlay, type ReadonlyLookup } from "./overlay.ts";

/** What can stand below: a record, or other content. */
interface Below {
  readonly attributes: ReadonlyLookup<Json>;
  readonly flashes: ReadonlyLookup<readonly FlashEntry[]>;
  readonly metadata: ReadonlyLookup<Json>;
}

/** The content of a session with changes laid over it. A working copy over another one is a savepoint. */
export class WorkingCopy implements Below {
  readonly attributes: Overlay<Json>;
  readonly flashes: Overlay<readonly FlashEntry[]>;
  readonly metadata: Overlay<Json>;

  constructor(below: Below) {
    this.attributes = new Overlay(below.attributes);
    this.flashes = new Overlay(below.flashes);
    this.metadata = new Overlay(below.metadata);
  }

  /** What the changes take at least when they are stored. */
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

  toRecord(tokens: readonly string[]): SessionRecord {
    return {
      attributes: this.attributes.toMap(),
      flashes: this.flashes.toMap(),
      metadata: this.metadata.toMap(),
      tokens,
    };
  }
}
