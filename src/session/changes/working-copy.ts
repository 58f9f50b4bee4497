import type { Json } from "../../formats/json.ts";
import type { FlashEntry, SessionRecord } from "../../formats/record.ts";
import type { ShownRecord } from "../schema/withheld.ts";
import { withoutEnded } from "../storage/attribute-ends.ts";

/**
 * The content of a session with changes on top. A working copy of another one is a savepoint. For a record, the
 * overlays of flashes, metadata and ends are created on demand: most changes only concern attributes.
 */
export class WorkingCopy {
  readonly attributes: Overlay<Json>;
  #flashes: Overlay<readonly FlashEntry[]> | undefined;
  #metadata: Overlay<Json> | undefined;
  #ends: Overlay<number> | undefined;
  readonly #below: ShownRecord | WorkingCopy;
  /** The underlying record. */
  readonly #origin: ShownRecord;

  constructor(below: ShownRecord | WorkingCopy) {
    this.#below = below;
    this.attributes = new Overlay(below.attributes);
    if (below instanceof WorkingCopy) {
      this.#origin = below.#origin;
      this.#flashes = new Overlay(below.flashes);
      this.#metadata = new Overlay(below.metadata);
      this.#ends = below.#ends && new Overlay(below.#ends);
    } else this.#origin = below;
  }

  get flashes(): Overlay<readonly FlashEntry[]> {
    this.#flashes ??= new Overlay(this.#origin.flashes);
    return this.#flashes;
  }

  get metadata(): Overlay<Json> {
    this.#metadata ??= new Overlay(this.#origin.metadata);
    return this.#metadata;
  }

  /** The ends of attributes, in milliseconds since 1970. */
  get ends(): Overlay<number> {
    this.#ends ??= new Overlay(this.#origin.attributeEnds ?? noEnds);
    return this.#ends;
  }

  /** Returns the value of an attribute, unless it has ended. */
  attributeAt(now: number, name: string): Json | undefined {
    return this.hasEndedAt(now, name) ? undefined : this.attributes.get(name);
  }

  /** Returns `true` if the attribute has ended, and only stays until the session is stored again. */
  hasEndedAt(now: number, name: string): boolean {
    const end = this.endOf(name);
    return end !== undefined && end <= now;
  }

  /** Returns the end of an attribute; `undefined`: it ends with the session. */
  endOf(name: string): number | undefined {
    return this.#ends ? this.#ends.get(name) : this.#origin.attributeEnds?.get(name);
  }

  /** Returns the attributes that have not ended. */
  attributesAt(now: number): ReadonlyMap<string, Json> {
    return withoutEnded(this.toRecord([]), now).attributes;
  }

  /** Sets an attribute, and its end if it has one. */
  setAttribute(name: string, value: Json | undefined, bytes = 0, end?: number): void {
    this.attributes.set(name, value, bytes);
    if (end !== undefined || this.#ends || this.#origin.attributeEnds) this.ends.set(name, end);
  }

  get tokens(): readonly string[] {
    return this.#origin.tokens;
  }

  /** Minimum number of bytes that the changes take when stored. */
  get bytes(): number {
    return this.attributes.bytes + (this.#flashes?.bytes ?? 0) + (this.#metadata?.bytes ?? 0);
  }

  get isChanged(): boolean {
    return this.attributes.isChanged || this.#flashes?.isChanged === true || this.#metadata?.isChanged === true;
  }

  applyTo(content: WorkingCopy): void {
    this.attributes.applyTo(content.attributes);
    this.#flashes?.applyTo(content.flashes);
    this.#metadata?.applyTo(content.metadata);
    this.#ends?.applyTo(content.ends);
  }

  /** The current content; the underlying record itself if there are no changes. */
  get record(): SessionRecord {
    if (this.isChanged) return this.toRecord(this.tokens);
    return this.#below instanceof WorkingCopy ? this.#below.record : this.#below;
  }

  /** Creates a record, keeping whatever else a format has put into it. */
  toRecord(tokens: readonly string[]): ShownRecord {
    const { withheld } = this.#origin;
    return {
      ...this.#origin,
      ...(withheld && { withheld: withheld.after((name) => this.attributes.isChangedAt(name)) }),
      attributes: this.attributes.toMap(),
      flashes: this.#flashes?.toMap() ?? this.#origin.flashes,
      metadata: this.#metadata?.toMap() ?? this.#origin.metadata,
      ...(this.#ends && { attributeEnds: this.#ends.toMap() }),
      tokens,
    };
  }
}

const noEnds: ReadonlyMap<string, number> = new Map();

/**
 * A change under a name: the new value, or `undefined` if it was deleted, and the minimum size that it takes when
 * stored.
 */
interface Laid<Value> {
  readonly value: Value | undefined;
  readonly bytes: number;
}

/** Changes on top of a base, which stays unchanged. An overlay on top of another overlay is a savepoint. */
export class Overlay<Value> {
  readonly #below: ReadonlyMap<string, Value> | Overlay<Value>;
  readonly #overlayBelow: Overlay<Value> | undefined;
  #changes: Map<string, Laid<Value>> | undefined;
  #addedBytes = 0;

  constructor(below: ReadonlyMap<string, Value> | Overlay<Value>) {
    this.#below = below;
    this.#overlayBelow = below instanceof Overlay ? below : undefined;
  }

  /** Minimum number of bytes that the changes take when stored, not counting the content before. */
  get bytes(): number {
    return this.#addedBytes + (this.#overlayBelow?.bytes ?? 0);
  }

  /** The part of {@link bytes} for one name. */
  bytesOf(name: string): number {
    return this.#changes?.get(name)?.bytes ?? this.#overlayBelow?.bytesOf(name) ?? 0;
  }

  get isChanged(): boolean {
    return this.#changes !== undefined;
  }

  /** Returns `true` if there is a change under this name, also one that deletes it. */
  isChangedAt(name: string): boolean {
    return this.#changes?.has(name) === true || this.#overlayBelow?.isChangedAt(name) === true;
  }

  get(name: string): Value | undefined {
    const laid = this.#changes?.get(name);
    return laid ? laid.value : this.#below.get(name);
  }

  has(name: string): boolean {
    const laid = this.#changes?.get(name);
    return laid ? laid.value !== undefined : this.#below.has(name);
  }

  keys(): Set<string> {
    const names = new Set(this.#below.keys());
    for (const [name, { value }] of this.#changes ?? []) {
      if (value === undefined) names.delete(name);
      else names.add(name);
    }
    return names;
  }

  set(name: string, value: Value | undefined, bytes = 0): void {
    this.#addedBytes += bytes - this.bytesOf(name);
    this.#changes ??= new Map();
    this.#changes.set(name, { value, bytes });
  }

  /** Applies the changes to another overlay. */
  applyTo(overlay: Overlay<Value>): void {
    for (const [name, { value, bytes }] of this.#changes ?? []) overlay.set(name, value, bytes);
  }

  /** Returns the content as a map. It copies only if there are changes. */
  toMap(): ReadonlyMap<string, Value> {
    const below: ReadonlyMap<string, Value> = this.#below instanceof Overlay ? this.#below.toMap() : this.#below;
    if (this.#changes === undefined) return below;
    const map = new Map<string, Value>();
    // Avoids creating a pair for each entry, as an iterator would.
    below.forEach((value, name) => {
      map.set(name, value);
    });
    this.#changes.forEach(({ value }, name) => {
      if (value === undefined) map.delete(name);
      else map.set(name, value);
    });
    return map;
  }
}
