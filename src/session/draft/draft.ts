import { SessionError } from "../../errors.ts";
import type { SessionFormat } from "../../formats/format.ts";
import { cloneJson, copyJson, type Json, Room } from "../../formats/json.ts";
import {
  addFlash,
  type Change,
  deleteAttribute,
  roomFor,
  setAttribute,
  setMetadata,
  takeFlashes,
  updateAttribute,
} from "../changes/change.ts";
import type { WorkingCopy } from "../changes/working-copy.ts";
import { offerRecord } from "../wrapping/record-of.ts";
import { runOnInstance, Wrappable } from "../wrapping/wrappable.ts";
import type { ReadOnlyViews } from "./read-only-views.ts";
import type { SessionDraft, SessionFlashes, SessionMetadata } from "./session-draft.ts";

/** The session that a draft works on. */
export interface DraftTarget {
  readonly id: string;
  readonly isReadOnly: boolean;
  readonly format: SessionFormat;
  /** Maximum size of a session in bytes. */
  readonly maxBytes: number;
  readonly views: ReadOnlyViews;
  /** The current content, including own changes. */
  readonly content: WorkingCopy;
  /** Makes a change, and records it if it is to be repeated. */
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
    return result as Result; // the change has run
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

  /** Refuses a change within the function of an update: it would be recorded twice, and repeated twice. */
  #perform(change: Change): void {
    if (this.#host.isReadOnly) throw readOnlyError();
    if (this.#isPerforming) throw new TypeError("The function of an update must not change the session in other ways.");
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
  return new SessionError("read-only", "The session was opened by a former id and is read-only.", {
    outcome: "not-applied",
  });
}
