import type { StoredSession, Version, WriteResult } from "sessionwire";
import type { RecentBytes } from "./recent-bytes.ts";
import { copyOf, type StoredBytes } from "./stored-bytes.ts";

// Both are plain objects that can be spread, cloned and compared, whose version is made when it is asked for, of the bytes as
// they were stored. The getter does without `this`, so that it is right behind a Proxy as well.

/** Reads what the driver has of a key. */
export function sessionOf(reply: unknown, recent: RecentBytes): StoredSession | undefined {
  if (!(reply instanceof Buffer)) return undefined;
  const bytes = copyOf(reply);
  let version: Version | undefined;
  return {
    // A copy: the driver's buffer is a window on all that came with it, and would keep that in memory.
    data: new Uint8Array(reply),
    get version() {
      version ??= recent.versionOf(bytes);
      return version;
    },
  };
}

/** The answer to a write that has succeeded. */
export function written(bytes: StoredBytes, recent: RecentBytes): WriteResult {
  let version: Version | undefined;
  return {
    written: true,
    get version() {
      version ??= recent.versionOf(bytes);
      return version;
    },
  };
}
