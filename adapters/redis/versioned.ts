import type { StoredSession, Version, WriteResult } from "sessionwire";
import type { RecentBytes } from "./recent-bytes.ts";
import { kept, type StoredBytes } from "./stored-bytes.ts";

/** Reads the driver's bytes of a key. */
export function sessionOf(reply: unknown, recent: RecentBytes): StoredSession | undefined {
  if (!(reply instanceof Buffer)) return undefined;
  // A copy: the driver's buffer is a view of the whole received chunk, which it would keep in memory.
  return withVersion({ data: new Uint8Array(reply) }, kept(reply), recent);
}

/** Returns the answer to a successful write. */
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

/** Shared by all answers: with a function for each, V8 would create a shape for each. */
const version = {
  enumerable: true,
  configurable: true,
  get(this: { readonly [origin]: Origin }): Version {
    return this[origin].version;
  },
};

/**
 * Adds a version to an answer, which is computed from the stored bytes when it is first read. The answer stays a plain
 * object that can be spread, cloned and compared, even behind a Proxy.
 */
function withVersion<Answer extends object>(
  answer: Answer,
  bytes: StoredBytes,
  recent: RecentBytes,
): Answer & { readonly version: Version } {
  Object.defineProperty(answer, origin, { value: new Origin(bytes, recent) });
  return Object.defineProperty(answer, "version", version) as Answer & { readonly version: Version }; // defined by the getter
}
