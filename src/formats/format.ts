import type { Json } from "./json.ts";
import type { OpaqueValue } from "./opaque-value.ts";
import type { FlashEntry, SessionRecord } from "./record.ts";

/**
 * The time limits of a session.
 *
 * @public
 */
export interface SessionLimits {
  /** Maximum time without use, after which a session ends. A whole number of seconds. */
  readonly idleTimeoutSeconds: number;
  /** Maximum age, after which a session ends however much it is used. A whole number of seconds; absent: no limit. */
  readonly lifetimeSeconds?: number | undefined;
}

/**
 * Defines how a store represents sessions: bytes to a record and back, an id to a key, and the time to live.
 *
 * @remarks
 * A format writes only what it fully understood: `decode` refuses anything that `encode` could not reproduce.
 *
 * @public
 */
export interface SessionFormat {
  /** The name of the format in messages. */
  readonly name: string;
  /**
   * The limits of a manager that sets none. A format without `lifetimeSeconds` here does not know when a session was
   * created, and cannot have such a limit.
   */
  readonly defaults: SessionLimits;
  /** `true` if ids may be chosen elsewhere. If not, only ids from `createId` are ever stored. */
  readonly acceptsForeignIds: boolean;
  /** `true` if records can store tokens, which show if a write has been applied. */
  readonly storesTokens: boolean;
  /** `true` if records can store a forward. */
  readonly storesForwards: boolean;
  /**
   * `true` if records can store the ends of attributes.
   *
   * @defaultValue `false`: an attribute that ends before its session is refused
   */
  readonly storesAttributeEnds?: boolean | undefined;
  /** Checks if an opaque value is one that the format can store; absent: none is. */
  acceptsOpaque?(value: OpaqueValue): boolean;

  /** Returns a new id that cannot be guessed. */
  createId(): string;
  /** Checks if a string can be an id, by its shape. It is called before any I/O, for instance for ids from cookies. */
  isId(id: string): boolean;
  /** The prefix of the keys of all sessions. */
  readonly keyPrefix: string;
  /** Returns the handler's key of a session. */
  keyOf(id: string): string | Promise<string>;

  /** Returns the id contained in a key, for formats that store it there. */
  idOf?(key: string): string | undefined;

  /** Creates an empty record of a session created `now`, in milliseconds since 1970. */
  create(now: number): SessionRecord;
  /** Decodes bytes. Throws a `SessionError` with code `corrupt` for bytes that it cannot read, or could not reproduce. */
  decode(data: Uint8Array): SessionRecord;
  /** Encodes a record. Throws a `TypeError` for values that the format cannot represent. */
  encode(record: SessionRecord): Uint8Array;
  /** Creates a message, with an id that it keeps. */
  flashEntry(value: Json): FlashEntry;
  /** Returns the record as it is written `now`, for formats that store the time of the last change. */
  stamp(record: SessionRecord, now: number): SessionRecord;

  /** Returns the time to live of a session used `now`, in seconds; 0 or less: it has ended. */
  ttlSeconds(record: SessionRecord, limits: SessionLimits, now: number): number;
  /** Returns the time to live, in seconds, for the first read of a session; `undefined` if it depends on the record. */
  ttlSecondsOfRead(limits: SessionLimits): number | undefined;

  /** Throws a `TypeError` for an attribute that the format cannot store, or would read back differently. */
  checkAttribute(name: string, value: Json): void;
  /** Throws a `TypeError` for metadata that an application may not set, or may not set to this value. */
  checkMetadata(name: string, value: Json): void;
}
