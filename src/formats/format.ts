import type { Json } from "./json.ts";
import type { FlashEntry, SessionRecord } from "./record.ts";

/**
 * How long a session lives.
 *
 * @public
 */
export interface SessionLimits {
  /** Ends a session that has not been used for so long. Whole seconds. */
  readonly idleTimeoutSeconds: number;
  /** Ends a session so long after its creation, however much it is used. Whole seconds; absent: there is no such limit. */
  readonly lifetimeSeconds?: number | undefined;
}

/**
 * How sessions are laid down in a store: bytes to a record and back, an id to a key, and the time to live.
 *
 * @remarks
 * A format writes only what it fully understood: `decode` refuses whatever `encode` could not give back.
 *
 * @public
 */
export interface SessionFormat {
  /** How the format is called in messages. */
  readonly name: string;
  /**
   * The limits of a manager that is given none. A format without `lifetimeSeconds` here does not know when a session was
   * created, and can have no such limit.
   */
  readonly defaults: SessionLimits;
  /** Whether an id may be chosen elsewhere. If not, only ids of `createId` are ever stored. */
  readonly adoptsIds: boolean;
  /** Whether records have a place for the tokens that tell whether a write has been applied. */
  readonly keepsTokens: boolean;
  /** Whether records have a place for a forward. */
  readonly keepsForwards: boolean;

  /** A fresh id that nobody can guess. */
  createId(): string;
  /** Whether this can be an id, by its shape. Asked before any I/O, of ids from cookies for instance. */
  isId(id: string): boolean;
  /** What the keys of all sessions begin with. */
  readonly keyPrefix: string;
  /** The handler's key of a session. */
  keyOf(id: string): string | Promise<string>;

  /** The id of a key, for formats that keep it there. */
  idOf?(key: string): string | undefined;

  /** A record with nothing in it, of a session created `now`, in milliseconds since 1970. */
  create(now: number): SessionRecord;
  /** What is in the bytes. Throws a `SessionError` with code `corrupt` for what it cannot read, or could not give back. */
  decode(data: Uint8Array): SessionRecord;
  /** The bytes. Throws a `TypeError` for what the format cannot carry. */
  encode(record: SessionRecord): Uint8Array;
  /** A new message, under an id that it keeps. */
  flashEntry(value: Json): FlashEntry;
  /** The record as it is written `now`, for formats that keep the time of the last change. */
  stamp(record: SessionRecord, now: number): SessionRecord;

  /** The time to live of a session that is used `now`; 0 or less: it has ended. */
  ttlSeconds(record: SessionRecord, limits: SessionLimits, now: number): number;
  /** The time to live with which a session is read that has not been seen yet; `undefined` where that needs the record. */
  ttlSecondsOfRead(limits: SessionLimits): number | undefined;

  /** Throws a `TypeError` for an attribute that the format has no place for, or would read back as something else. */
  checkAttribute(name: string, value: Json): void;
  /** Throws a `TypeError` for metadata that an application may not set, or not to this. */
  checkMetadata(name: string, value: Json): void;
}
