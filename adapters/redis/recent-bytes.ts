import type { Version } from "sessionwire";
import { type StoredBytes, textOrBytes, versionOf } from "./stored-bytes.ts";

/** Maximum memory for these bytes per handler, in bytes. */
const MAX_SIZE = 8 * 1024 * 1024;

/** Overhead of each entry in bytes: the version, and a place in the map. */
const OVERHEAD = 250;

/** Keeps the bytes behind the most recently used versions, because servers compare bytes and not versions. */
export class RecentBytes {
  /** Entries, least recently used first. */
  readonly #bytes = new Map<Version, StoredBytes>();
  #size = 0;

  /**
   * Returns the version of bytes, and remembers them. It is computed from the bytes as they were received: converting
   * them to text takes long, and is needed only for sending.
   */
  versionOf(bytes: StoredBytes): Version {
    const version = versionOf(bytes);
    const stored = textOrBytes(bytes);
    if (!this.#bytes.delete(version)) this.#size += sizeOf(stored);
    this.#bytes.set(version, stored);
    if (this.#size > MAX_SIZE) this.#shrink();
    return version;
  }

  bytesOf(version: Version): StoredBytes | undefined {
    const bytes = this.#bytes.get(version);
    if (bytes === undefined) return undefined;
    this.#bytes.delete(version);
    this.#bytes.set(version, bytes);
    return bytes;
  }

  #shrink(): void {
    for (const [version, bytes] of this.#bytes) {
      this.#bytes.delete(version);
      this.#size -= sizeOf(bytes);
      if (this.#size <= MAX_SIZE) return;
    }
  }
}

/** Returns the size of the bytes. A text contains only ASCII, so each letter takes one byte. */
function sizeOf(bytes: StoredBytes): number {
  return OVERHEAD + bytes.length;
}
