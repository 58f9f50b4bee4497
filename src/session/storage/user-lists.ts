import type { SessionRecord } from "../../formats/record.ts";
import type { RecordWriteResult } from "./snapshot.ts";

/** A session that is to be stored. */
export interface UserWrite {
  readonly key: string;
  readonly record: SessionRecord;
  /** The record that it replaces under this key. */
  readonly replaced: SessionRecord | undefined;
  /** The record under another key of which it is a copy. */
  readonly origin: Origin | undefined;
  /** Maximum time to live, in seconds. */
  readonly ttlSeconds: number;
}

/** A session that is also stored under another key. */
export interface Origin {
  readonly key: string;
  readonly record: SessionRecord;
}

/** The lists of users' sessions, as far as the storage of the sessions keeps them consistent. */
export interface UserLists {
  userOf(record: SessionRecord | undefined): string | undefined;
  /**
   * Stores a session by `store`, and keeps the lists of its previous and new user consistent. `take` removes what was
   * stored if it must not stay.
   */
  around(
    write: UserWrite,
    store: () => Promise<RecordWriteResult>,
    take: (result: RecordWriteResult) => Promise<unknown>,
  ): Promise<RecordWriteResult>;
  /** Called with each session that is read, which may show that a save whose reply was lost was applied. */
  settle(key: string, record: SessionRecord | undefined): Promise<void> | undefined;
  /** Removes a session from the list of a user to whom it no longer belongs. Never rejects. */
  release(user: string | undefined, key: string): Promise<void>;
  /** Extends the life of the list to that of a used session. Never rejects. */
  keepAlive(key: string, record: SessionRecord, ttlSeconds: number): Promise<void>;
}
