import type { StoredSession, Version } from "sessionwire";
import type { RecentBytes } from "./recent-bytes.ts";
import { type StoredBytes, textOf } from "./stored-bytes.ts";

/** Has a version that is made when it is asked for, of the bytes as they were stored. */
abstract class Versioned {
  readonly #bytes: StoredBytes;
  readonly #recent: RecentBytes;
  #version: Version | undefined;

  constructor(bytes: StoredBytes, recent: RecentBytes) {
    this.#bytes = bytes;
    this.#recent = recent;
  }

  get version(): Version {
    this.#version ??= this.#recent.versionOf(this.#bytes);
    return this.#version;
  }

  static bytesOf(versioned: Versioned): StoredBytes {
    return versioned.#bytes;
  }
}

/** A session as it was read. */
export class ReadSession extends Versioned implements StoredSession {
  readonly data: Uint8Array;

  constructor(reply: Buffer, recent: RecentBytes) {
    super(textOf(reply) ?? Buffer.from(reply), recent);
    // A copy: the driver's buffer is a window on all that came with it, and would keep that in memory.
    this.data = new Uint8Array(reply);
  }
}

/** A write that has succeeded. */
export class Written extends Versioned {
  readonly written = true;
}

/** Reads what the driver has of a key. */
export function sessionOf(reply: unknown, recent: RecentBytes): ReadSession | undefined {
  return reply instanceof Buffer ? new ReadSession(reply, recent) : undefined;
}
