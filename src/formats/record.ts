import type { Json } from "./json.ts";

/**
 * A session as a format decodes it. It is immutable: a change creates another record.
 *
 * @public
 */
export interface SessionRecord {
  /** The values that the application stores. */
  readonly attributes: ReadonlyMap<string, Json>;
  /** The times at which attributes end before the session, in milliseconds since 1970, by name; absent: none does. */
  readonly attributeEnds?: ReadonlyMap<string, number> | undefined;
  /** The messages that wait to be taken, oldest first, by type. */
  readonly flashes: ReadonlyMap<string, readonly FlashEntry[]>;
  /** The values that the format stores about the session, by its own names. */
  readonly metadata: ReadonlyMap<string, Json>;
  /** The tokens of the latest writes, oldest first; empty if the format cannot store them. */
  readonly tokens: readonly string[];
  /** The forward to the session's new key, left here for a while after the session has moved. */
  readonly forward?: Forward | undefined;
}

/**
 * One message. Entries with the same id are the same message; a format without ids derives one from the value, so that
 * equal messages match.
 *
 * @public
 */
export interface FlashEntry {
  /** The id, constant while the message waits. */
  readonly id: string;
  /** The message. */
  readonly value: Json;
}

/**
 * A forward left under an old id, which keeps working for a short time.
 *
 * @public
 */
export interface Forward {
  /** The handler's key of the session. The id is not stored, because it is a secret. */
  readonly key: string;
  /** The end of the forward, in milliseconds since 1970. */
  readonly until: number;
}
