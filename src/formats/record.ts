import type { Json } from "./json.ts";

/**
 * A session as a format reads it from bytes. Nobody changes it: a change makes another record.
 *
 * @public
 */
export interface SessionRecord {
  /** What the application keeps. */
  readonly attributes: ReadonlyMap<string, Json>;
  /** Messages that wait to be taken, oldest first, by type. */
  readonly flashes: ReadonlyMap<string, readonly FlashEntry[]>;
  /** What the format keeps about the session, as it names it. */
  readonly metadata: ReadonlyMap<string, Json>;
  /** Marks of the latest writes, oldest first; empty where the format has no place for them. */
  readonly tokens: readonly string[];
  /** Where the session has moved to, for a while, when it is no longer here. */
  readonly forward?: Forward | undefined;
}

/**
 * One message. Entries of one id are the same message; a format that has no ids for them uses what makes them equal.
 *
 * @public
 */
export interface FlashEntry {
  /** The same as long as the message waits. */
  readonly id: string;
  /** The message. */
  readonly value: Json;
}

/**
 * Left behind under an old id that still works for a moment.
 *
 * @public
 */
export interface Forward {
  /** The handler's key of the session, and not its id, which stays a secret. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}
