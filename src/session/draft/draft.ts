import { checkCount, checkOptionNames, MAX_TTL_SECONDS } from "../../backend/checks.ts";
import { SessionError } from "../../errors.ts";
import { cloneJson, copyJson, type Json, Room } from "../../formats/json.ts";
import { isSameJson } from "../../formats/same-json.ts";
import {
  acceptedValue,
  addFlash,
  type Change,
  deleteAttribute,
  roomFor,
  setAttribute,
  setMetadata,
  takeFlashes,
  updateAttribute,
  type ValueRules,
} from "../changes/change.ts";
import type { WorkingCopy } from "../changes/working-copy.ts";
import { withoutEnded } from "../storage/attribute-ends.ts";
import { runOnInstance, Wrappable } from "../wrappable.ts";
import type { ReadOnlyViews } from "./read-only-views.ts";
import { offerRecord } from "./record-of.ts";
import type { SessionDraft, SessionFlashes, SessionMetadata, SetOptions } from "./session-draft.ts";

/** The parts that all drafts of a manager share. */
export interface DraftParts extends ValueRules {
  readonly views: ReadOnlyViews;
}

/** The session that a draft works on. */
export interface DraftTarget {
  readonly id: string;
  readonly isReadOnly: boolean;
  readonly shared: DraftParts;
  /** The current content, including own changes. */
  readonly content: WorkingCopy;
  /** Makes a change, and records it if it is to be repeated. */
  perform(change: Change): void;
}

export class Draft extends Wrappable implements SessionDraft {
  /** To be called once, before the first draft is made. */
  static prepare(): void {
    offerRecord(Draft.prototype, (draft) => withoutEnded(draft.#target.content.record, draft.#now()));
    runOnInstance(Draft);
  }

  readonly #target: DraftTarget;
  #flash: SessionFlashes | undefined;
  #metadata: SessionMetadata | undefined;
  #isPerforming = false;

  constructor(target: DraftTarget) {
    super();
    this.#target = target;
  }

  get flash(): SessionFlashes {
    this.#flash ??= this.#flashes(this.#target);
    return this.#flash;
  }

  get metadata(): SessionMetadata {
    this.#metadata ??= this.#metadataOf(this.#target);
    return this.#metadata;
  }

  get id(): string {
    return this.#target.id;
  }

  get isReadOnly(): boolean {
    return this.#target.isReadOnly;
  }

  get(name: string): Json | undefined {
    return this.#target.shared.views.of(this.#attribute(name));
  }

  copy(name: string): Json | undefined {
    const value = this.#attribute(name);
    return value && cloneJson(value);
  }

  has(name: string): boolean {
    return this.#attribute(name) !== undefined;
  }

  names(): string[] {
    const { content } = this.#target;
    return [...content.attributes.keys()].filter((name) => !content.hasEndedAt(this.#now(), name));
  }

  set(name: string, value: unknown, options?: SetOptions): void {
    if (value === undefined) throw new TypeError("A session cannot hold undefined; `delete` removes an attribute.");
    const { content, shared } = this.#target;
    const accepted = acceptedValue(checkName(name), value, content, shared);
    this.#perform(setAttribute(name, accepted, options && endOf(name, options, shared)));
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
    this.#perform(updateAttribute(checkName(name), changeNow, this.#target.shared));
    return result as Result; // the change has run
  }

  #flashes(target: DraftTarget): SessionFlashes {
    return {
      add: (type, value) => {
        const { format, maxBytes } = target.shared;
        const room = new Room(format, maxBytes, target.content.bytes);
        const entry = format.flashEntry(copyJson(value, room));
        this.#perform(addFlash(checkName(type), entry, room.taken));
      },
      take: (type) => {
        const entries = target.content.flashes.get(checkName(type));
        if (entries === undefined) return [];
        this.#perform(takeFlashes(type, entries));
        return entries.map(({ value }) => target.shared.views.of(value));
      },
      remove: (type, value) => {
        const { format, maxBytes } = target.shared;
        const message = copyJson(value, new Room(format, maxBytes));
        const entry = target.content.flashes.get(checkName(type))?.find((each) => isSameJson(each.value, message));
        if (entry) this.#perform(takeFlashes(type, [entry]));
      },
      peek: (type) =>
        (target.content.flashes.get(checkName(type)) ?? []).map(({ value }) => target.shared.views.of(value)),
      types: () => [...target.content.flashes.keys()],
    };
  }

  #metadataOf(target: DraftTarget): SessionMetadata {
    return {
      get: (name) => target.shared.views.of(target.content.metadata.get(checkName(name))),
      set: (name, value) => {
        const room = roomFor(checkName(name), target.content, target.content.metadata, target.shared);
        const copy = copyJson(value, room);
        target.shared.format.checkMetadata(name, copy);
        this.#perform(setMetadata(name, copy, room.taken));
      },
      names: () => [...target.content.metadata.keys()],
    };
  }

  #attribute(name: string): Json | undefined {
    return this.#target.content.attributeAt(this.#now(), checkName(name));
  }

  #now(): number {
    return this.#target.shared.times.now();
  }

  /** Refuses a change within the function of an update: it would be recorded twice, and repeated twice. */
  #perform(change: Change): void {
    if (this.#target.isReadOnly) throw readOnlyError();
    if (this.#isPerforming) throw new TypeError("The function of an update must not change the session in other ways.");
    this.#isPerforming = true;
    try {
      this.#target.perform(change);
    } finally {
      this.#isPerforming = false;
    }
  }
}

/** Returns the end of an attribute that is set now, in milliseconds since 1970. */
function endOf(name: string, options: SetOptions, { format, times }: DraftParts): number | undefined {
  checkOptionNames("set", options, ["ttlSeconds"]);
  const { ttlSeconds } = options;
  if (ttlSeconds === undefined) return undefined;
  checkCount("ttlSeconds of an attribute", ttlSeconds, 1, MAX_TTL_SECONDS);
  if (format.storesAttributeEnds) return times.now() + ttlSeconds * 1000;
  throw new TypeError(`The ${format.name} format cannot store the end of the attribute ${JSON.stringify(name)}.`);
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
