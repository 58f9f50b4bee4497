import type { StoredSession, Version, WriteResult } from "sessionwire";
import type { RecentBytes } from "./recent-bytes.ts";
import { kept, type StoredBytes } from "./stored-bytes.ts";

/** Reads what the driver has of a key. */
export function sessionOf(reply: unknown, recent: RecentBytes): StoredSession | undefined {
  if (!(reply instanceof Buffer)) return undefined;
  // A copy: the driver's buffer is a window on all that came with it, and would keep that in memory.
  return withVersion({ data: new Uint8Array(reply) }, kept(reply), recent);
}

/** The answer to a write that has succeeded. */
export function written(bytes: StoredBytes, recent: RecentBytes): WriteResult {
  return withVersion({ written: true }, bytes, recent);
}

const origin = Symbol("origin");

/** The source of a version. */
class Origin {
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
}

/** One for all: with a function for each answer, V8 would make a shape for each. */
const version = {
  enumerable: true,
  configurable: true,
  get(this: { readonly [origin]: Origin }): Version {
    return this[origin].version;
  },
};

/**
 * Gives an answer a version that is made when it is asked for, of the bytes as they were stored. The answer stays a plain object
 * that can be spread, cloned and compared, also behind a Proxy.
 */
function withVersion<Answer extends object>(
  answer: Answer,
  bytes: StoredBytes,
  recent: RecentBytes,
): Answer & { readonly version: Version } {
  Object.defineProperty(answer, origin, { value: new Origin(bytes, recent) });
  return Object.defineProperty(answer, "version", version) as Answer & { readonly version: Version }; // by the getter
}
