import { SessionError } from "../errors.ts";
import type { SessionFormat } from "../formats/format.ts";
import { cloneJson, copyJson, type Json, Room } from "../formats/json.ts";
import {
  addFlash,
  type Change,
  deleteAttribute,
  roomFor,
  setAttribute,
  setMetadata,
  takeFlashes,
  updateAttribute,
} from "./changes/change.ts";
import type { WorkingCopy } from "./changes/working-copy.ts";
import { runOnInstance, Wrappable } from "./instance.ts";
import type { ReadOnlyViews } from "./read-only-views.ts";
import { offerRecord } from "./record-of.ts";

/**
 * The name of an attribute.
 *
 * @public
 */
export type AttributeName<Attributes> = keyof Attributes & string;

/**
 * A value as it is handed out: read-only at every level.
 *
 * @public
 */
export type ReadOnly<Value> = Value extends object ? { readonly [Name in keyof Value]: ReadOnly<Value[Name]> } : Value;

/**
 * What a session holds, to be read and changed. Changes are visible at once in it, and stored by a save.
 *
 * @remarks
 * Values are plain data: what JSON can carry, up to 100 levels deep. Anything else (`undefined` within a value, a `Date`, a
 * `Map`, a BigInt, NaN, a function, a cycle) is refused by a `TypeError` when it is set, and nothing has changed then. So is what
 * takes more room than a session has, by a {@link SessionError} with code `too-large`. What is too large only together with
 * what is stored already is refused when it is saved.
 *
 * @public
 */
export interface SessionDraft<Attributes extends object = Record<string, unknown>> {
  /** What the cookie carries. Whoever knows it has the session: keep it out of logs, URLs and messages. */
  readonly id: string;
  /** Whether changes are refused, because the session was opened by an id in its grace time. */
  readonly isReadOnly: boolean;
  /** Messages that are shown once. */
  readonly flash: SessionFlashes;
  /** What the format keeps about the session. */
  readonly metadata: SessionMetadata;

  /** The value, frozen at every level; `undefined` where there is none. */
  get<Name extends AttributeName<Attributes>>(name: Name): ReadOnly<Attributes[Name]> | undefined;
  /** A copy of the value, to be changed and handed to `set`. */
  copy<Name extends AttributeName<Attributes>>(name: Name): Attributes[Name] | undefined;
  /** Whether there is such an attribute. */
  has(name: AttributeName<Attributes>): boolean;
  /** The names of all attributes. */
  names(): AttributeName<Attributes>[];
  /** Sets an attribute to a copy of `value`. */
  set<Name extends AttributeName<Attributes>>(name: Name, value: Exclude<Attributes[Name], undefined>): void;
  /** Removes an attribute; if there is one. */
  delete(name: AttributeName<Attributes>): void;
  /**
   * Sets an attribute to what `change` makes of it, or removes it when that is `undefined`. Returns what `change` has returned.
   *
   * @remarks
   * `change` is recorded: when somebody else has changed the session meanwhile, it runs again, on what is there by then. So it
   * should depend on nothing but what it is given: a copy of its own, which it may change and return. A promise is refused by
   * a `TypeError`.
   */
  update<Name extends AttributeName<Attributes>, Result extends Attributes[Name] | undefined>(
    name: Name,
    change: (current: Attributes[Name] | undefined) => Result,
  ): Result;
}

/**
 * Messages that are shown once, by type.
 *
 * @remarks
 * They stay until they are taken: reading the session, or changing anything else in it, leaves them. Two that take them at
 * the same time may both get them.
 *
 * @public
 */
export interface SessionFlashes {
  /** Adds a message: plain data. */
  add(type: string, value: unknown): void;
  /** The messages, oldest first; removes exactly these. */
  take(type: string): readonly Json[];
  /** Removes one message that is equal to `value`, the oldest; if there is one. */
  remove(type: string, value: unknown): void;
  /** The messages, oldest first; leaves them. */
  peek(type: string): readonly Json[];
  /** The types of which there are messages. */
  types(): string[];
}

/**
 * What the format keeps about the session: see the format for the names.
 *
 * @public
 */
export interface SessionMetadata {
  /** The value, frozen at every level. */
  get(name: string): Json | undefined;
  /** Sets what the format allows to be set; else a `TypeError`. */
  set(name: string, value: unknown): void;
  /** The names of what there is. */
  names(): string[];
}

/** What a draft works on. */
export interface DraftTarget {
  readonly id: string;
  readonly isReadOnly: boolean;
  readonly format: SessionFormat;
  /** The most bytes that a session may have. */
  readonly maxBytes: number;
  readonly views: ReadOnlyViews;
  /** What there is now, own changes included. */
  readonly content: WorkingCopy;
  /** Makes a change, and records it where it is to be made again. */
  perform(change: Change): void;
}

export class Draft extends Wrappable implements SessionDraft {
  static {
    offerRecord(Draft.prototype, (draft) => draft.#host.content.record);
    runOnInstance(Draft);
  }

  readonly #host: DraftTarget;
  #flash: SessionFlashes | undefined;
  #metadata: SessionMetadata | undefined;
  #isPerforming = false;

  constructor(host: DraftTarget) {
    super();
    this.#host = host;
  }

  get flash(): SessionFlashes {
    this.#flash ??= this.#flashes(this.#host);
    return this.#flash;
  }

  get metadata(): SessionMetadata {
    this.#metadata ??= this.#metadataOf(this.#host);
    return this.#metadata;
  }

  get id(): string {
    return this.#host.id;
  }

  get isReadOnly(): boolean {
    return this.#host.isReadOnly;
  }

  get(name: string): Json | undefined {
    return this.#host.views.of(this.#host.content.attributes.get(checkName(name)));
  }

  copy(name: string): Json | undefined {
    const value = this.#host.content.attributes.get(checkName(name));
    return value && cloneJson(value);
  }

  has(name: string): boolean {
    return this.#host.content.attributes.has(checkName(name));
  }

  names(): string[] {
    return [...this.#host.content.attributes.keys()];
  }

  set(name: string, value: unknown): void {
    if (value === undefined) throw new TypeError("A session cannot hold undefined; `delete` removes an attribute.");
    const { content, format, maxBytes } = this.#host;
    const room = roomFor(checkName(name), content, content.attributes, maxBytes);
    const copy = copyJson(value, room);
    format.checkAttribute(name, copy);
    this.#perform(setAttribute(name, copy, room.taken));
  }

  delete(name: string): void {
    this.#perform(deleteAttribute(checkName(name)));
  }

  update<Result>(name: string, change: (current: unknown) => Result): Result {
    if (typeof change !== "function") throw new TypeError("update needs a function.");
    let result: Result | undefined;
    const changeNow = (current: unknown) => {
      result = change(current);
      return result;
    };
    const { format, maxBytes } = this.#host;
    this.#perform(updateAttribute(checkName(name), changeNow, format, maxBytes));
    return result as Result; // it has been made
  }

  #flashes(host: DraftTarget): SessionFlashes {
    return {
      add: (type, value) => {
        const room = new Room(host.maxBytes, host.content.bytes);
        const entry = host.format.flashEntry(copyJson(value, room));
        this.#perform(addFlash(checkName(type), entry, room.taken));
      },
      take: (type) => {
        const entries = host.content.flashes.get(checkName(type));
        if (entries === undefined) return [];
        this.#perform(takeFlashes(type, entries));
        return entries.map(({ value }) => host.views.of(value));
      },
      remove: (type, value) => {
        const text = JSON.stringify(copyJson(value, new Room(host.maxBytes)));
        const entry = host.content.flashes.get(checkName(type))?.find((each) => JSON.stringify(each.value) === text);
        if (entry) this.#perform(takeFlashes(type, [entry]));
      },
      peek: (type) => (host.content.flashes.get(checkName(type)) ?? []).map(({ value }) => host.views.of(value)),
      types: () => [...host.content.flashes.keys()],
    };
  }

  #metadataOf(host: DraftTarget): SessionMetadata {
    return {
      get: (name) => host.views.of(host.content.metadata.get(checkName(name))),
      set: (name, value) => {
        const room = roomFor(checkName(name), host.content, host.content.metadata, host.maxBytes);
        const copy = copyJson(value, room);
        host.format.checkMetadata(name, copy);
        this.#perform(setMetadata(name, copy, room.taken));
      },
      names: () => [...host.content.metadata.keys()],
    };
  }

  /** A change made within the function of an update would be recorded twice, and made twice when it is made again. */
  #perform(change: Change): void {
    if (this.#host.isReadOnly) throw readOnlyError();
    if (this.#isPerforming) throw new TypeError("The function of an update cannot change the session otherwise.");
    this.#isPerforming = true;
    try {
      this.#host.perform(change);
    } finally {
      this.#isPerforming = false;
    }
  }
}

function checkName(name: unknown): string {
  if (typeof name === "string") return name;
  throw new TypeError(`A name in a session must be a string, not ${name === null ? "null" : typeof name}.`);
}

export function readOnlyError(): SessionError {
  return new SessionError("read-only", "The session was opened by an id that it had before.", {
    outcome: "not-applied",
  });
}
