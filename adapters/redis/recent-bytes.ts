import type { Version } from "sessionwire";
import { type StoredBytes, textOrBytes, versionOf } from "./stored-bytes.ts";

/** The most memory that these bytes take, for each handler. */
const MAX_SIZE = 8 * 1024 * 1024;

/** The overhead of each entry: the version, and a place in the map. */
const OVERHEAD = 250;

/** The bytes behind the versions that were asked for last: servers compare bytes, and know of no versions. */
export class RecentBytes {
  /** The least recently used first. */
  readonly #bytes = new Map<Version, StoredBytes>();
  #size = 0;

  /** The version is made of the bytes as they came: making a text of them takes long, and is needed for sending them alone. */
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

/** A text is of ASCII, and has one byte for each letter. */
function sizeOf(bytes: StoredBytes): number {
  return OVERHEAD + bytes.length;
}
