import { isSessionError, SessionError, type StoredSession, type Version } from "sessionwire";
import { type MaybePromise, safeCause } from "sessionwire/backend";
import { changingNothing } from "./errors.ts";

/**
 * Returns the session in a value, by the flags with which its client has stored it. Foreign errors get code `corrupt`.
 *
 * @param maxBytes - The maximum size of a session. A decoder that decompresses must not exceed it.
 *
 * @public
 */
export type MemcachedValueDecoder = (data: Uint8Array, flags: number, maxBytes: number) => MaybePromise<Uint8Array>;

/** An item as it is stored, with the version of just that. */
export interface StoredItem {
  readonly data: Uint8Array;
  /** A number whose meaning the clients that store the item agree upon. */
  readonly flags: number;
  readonly version: Version;
}

/** Turns items into sessions. */
export class ItemDecoder {
  readonly #decode: MemcachedValueDecoder | undefined;
  readonly #maxBytes: number;

  constructor(decode: MemcachedValueDecoder | undefined, maxBytes: number) {
    this.#decode = decode;
    this.#maxBytes = maxBytes;
  }

  /** Returns the session in an item that was read. */
  read(item: StoredItem | undefined): MaybePromise<StoredSession | undefined> {
    if (item === undefined) return undefined;
    const { data, version } = item;
    return this.#decode ? this.#decoded(this.#decode, item) : { data, version };
  }

  /** Returns the session in the item that has prevented a change. */
  async current(item: StoredItem | undefined): Promise<StoredSession | undefined> {
    try {
      return await this.read(item);
    } catch (error) {
      throw changingNothing(error);
    }
  }

  /** Replaces foreign errors, whose messages may repeat the data. */
  async #decoded(decode: MemcachedValueDecoder, { data, flags, version }: StoredItem): Promise<StoredSession> {
    try {
      const decoded: unknown = await decode(data, flags, this.#maxBytes);
      if (decoded instanceof Uint8Array) return { data: decoded, version };
      throw new TypeError("A decoder must return a Uint8Array.");
    } catch (error) {
      if (isSessionError(error)) throw error;
      throw new SessionError("corrupt", "The value could not be decoded.", { cause: safeCause(error) });
    }
  }
}
