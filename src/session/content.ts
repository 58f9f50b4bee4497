import { Bag, type Names } from "./bag.ts";
import type { Json } from "./json.ts";
import type { FlashEntry, SessionRecord } from "./record.ts";

/** What can stand below: a record, or other content. */
interface Below {
  readonly attributes: Names<Json>;
  readonly flashes: Names<readonly FlashEntry[]>;
  readonly metadata: Names<Json>;
}

/** The content of a session with changes laid over it. Content over content is a savepoint. */
export class Content implements Below {
  readonly attributes: Bag<Json>;
  readonly flashes: Bag<readonly FlashEntry[]>;
  readonly metadata: Bag<Json>;

  constructor(below: Below) {
    this.attributes = new Bag(below.attributes);
    this.flashes = new Bag(below.flashes);
    this.metadata = new Bag(below.metadata);
  }

  /** What the changes take at least when they are stored. */
  get bytes(): number {
    return this.attributes.bytes + this.flashes.bytes + this.metadata.bytes;
  }

  get isChanged(): boolean {
    return this.attributes.isChanged || this.flashes.isChanged || this.metadata.isChanged;
  }

  applyTo(content: Content): void {
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
