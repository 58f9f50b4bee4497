import type { SessionError } from "../errors.ts";
import type { SessionFormat } from "../formats/format.ts";
import type { SessionRecord } from "../formats/record.ts";
import type { Change } from "./changes/change.ts";
import { ChangeLog, type ChangeSet } from "./changes/change-log.ts";
import { WorkingCopy } from "./changes/working-copy.ts";
import type { DraftParts, DraftTarget } from "./draft/draft.ts";
import { goneError } from "./failures.ts";
import type { SessionContext, SessionLocation } from "./session-context.ts";
import type { Snapshot } from "./storage/snapshot.ts";

/**
 * The known stage of a session's life.
 *
 * - `new`: it was never stored.
 * - `creation-unknown`: it may have been created under an id that cannot be given up.
 * - `stored`: it was seen in the store.
 * - `gone`: it has ended without a trace.
 * - `moved`: it continues under another id, where it can still be ended.
 * - `destroyed`: its owner has ended it.
 */
type Stage = "new" | "creation-unknown" | "stored" | "gone" | "moved" | "destroyed";

/** A session as last seen, and the changes since. */
export class SessionState implements DraftTarget {
  readonly log: ChangeLog;
  readonly context: SessionContext;
  readonly shared: DraftParts;
  readonly format: SessionFormat;
  location: SessionLocation;
  snapshot: Snapshot;
  stage: Stage;
  /** The keys under which it may have been created, or may still be. */
  abandoned: Set<string> | undefined;
  /** The snapshot with the changes on top; created on first access if there are none. */
  #content: WorkingCopy | undefined;
  /** The content of a session that is not stored yet. */
  #beginning: SessionRecord | undefined;

  constructor(context: SessionContext, location: SessionLocation, snapshot: Snapshot | undefined) {
    const { records } = context;
    this.log = new ChangeLog(records.createToken);
    this.context = context;
    this.shared = context.drafts;
    this.format = records.format;
    this.location = location;
    this.snapshot = snapshot ?? neverStored;
    this.stage = snapshot?.stored ? "stored" : "new";
    if (snapshot === undefined) this.#beginning = records.create();
  }

  get content(): WorkingCopy {
    this.#content ??= new WorkingCopy(this.base);
    return this.#content;
  }

  /** The record without the changes. */
  get base(): SessionRecord {
    const { stored } = this.snapshot;
    if (stored) return stored.record;
    this.#beginning ??= this.context.records.create();
    return this.#beginning;
  }

  get id(): string {
    return this.location.id;
  }

  get isNew(): boolean {
    return this.stage === "new";
  }

  get hasEnded(): boolean {
    return this.stage === "gone" || this.stage === "moved" || this.stage === "destroyed";
  }

  get isReadOnly(): boolean {
    return this.location.forward !== undefined;
  }

  /** `true` if it has ended, or if the grace period of its id has. */
  get isOver(): boolean {
    const { forward } = this.location;
    return this.hasEnded || (forward !== undefined && forward.until <= this.context.records.times.now());
  }

  /** The time to live in seconds. An id in its grace period leads to the session until that ends. */
  get ttlSeconds(): number {
    if (this.isOver) return 0;
    const { times } = this.context.records;
    const secondsLeft = times.secondsLeft(this.base);
    const { forward } = this.location;
    const ofForward = forward ? Math.ceil((forward.until - times.now()) / 1000) : secondsLeft;
    return Math.max(0, Math.min(secondsLeft, ofForward));
  }

  perform(change: Change): void {
    change.apply(this.content);
    this.log.add(change);
  }

  discard(): void {
    this.log.clear();
    this.see(this.snapshot);
  }

  /** Takes a newer snapshot, with the changes on top. */
  see(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    if (snapshot.stored && !this.hasEnded) this.stage = "stored";
    this.#content = undefined;
    if (this.log.isEmpty) return;
    this.log.look(snapshot, this.format);
    this.log.show(this.content, snapshot, this.format);
  }

  /**
   * Takes the state after a save of these sets over `base`. It may come late, after calls that followed when the save
   * was given up: newer snapshots stay, and an end is no news.
   */
  saved(sets: readonly ChangeSet[], base: Snapshot, snapshot: Snapshot): void {
    const { id, key } = this.location;
    const hadEnded = this.hasEnded;
    const isNews = this.snapshot.order <= base.order || this.snapshot.stored?.version === base.stored?.version;
    const ends = isNews && snapshot.stored === undefined;
    this.log.forget(sets);
    if (ends && !hadEnded) this.stage = "gone";
    this.see(isNews ? snapshot : this.snapshot);
    if (hadEnded) return;
    if (ends) this.context.events.emit({ type: "ended", id, key, reason: "destroyed" });
    else if (base.stored === undefined) this.context.events.emit({ type: "created", id, key });
  }

  /** Records that the session does not exist (any more), and returns the error that reports it. */
  foundGone(hasMoved = false): SessionError {
    const { id, key, forward } = this.location;
    // The session itself continues when a grace period ends, and when it has moved.
    if (!this.hasEnded && !hasMoved && !forward) this.context.events.emit({ type: "ended", id, key, reason: "gone" });
    if (hasMoved && this.stage !== "destroyed") this.stage = "moved";
    if (!this.hasEnded) this.stage = "gone";
    return goneError();
  }

  /**
   * Abandons a key under which the session may still be created, even long after it was destroyed. The session
   * continues under another id; or, if the id was chosen elsewhere, with whatever is found there.
   */
  async abandon(key: string): Promise<void> {
    if (key !== this.location.key) return; // already done
    this.abandoned ??= new Set();
    this.abandoned.add(key);
    if (this.format.acceptsForeignIds) {
      if (!this.hasEnded) this.stage = "creation-unknown";
      return;
    }
    this.location = await this.newLocation();
    for (const set of this.log.sets) set.forgetUnacknowledged();
  }

  /** Makes this an empty new session. */
  async begin(): Promise<void> {
    this.location = await this.newLocation();
    this.#beginning = this.context.records.create();
    this.stage = "new";
    this.log.clear();
    this.see(neverStored);
  }

  async newLocation(): Promise<SessionLocation> {
    const id = this.format.createId();
    return { id, key: await this.format.keyOf(id) };
  }
}

/** Older than any snapshot that was seen. */
const neverStored: Snapshot = { stored: undefined, order: 0 };
