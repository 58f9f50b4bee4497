import type { Decorate } from "../decorator.ts";

/**
 * A decorator that changes the bytes between its callers and the store: encryption, compression, a checksum.
 *
 * @public
 */
export interface TransformingDecorator {
  /** Wraps a handler in the decorator: several times on one store, as in several processes, and nested. */
  readonly decorate: Decorate;
  /**
   * The same decorator in a state in which it cannot encode, for instance without a key. Absent if that never happens.
   */
  readonly decorateFailing?: Decorate;
  /**
   * Changes bytes of the store so that they cannot be decoded. For a decorator that accepts any bytes, it returns them
   * unchanged.
   *
   * @defaultValue flips every bit
   */
  readonly damage?: (stored: Uint8Array) => Uint8Array;
  /**
   * `true` if the store must never see the data of the callers. Data that was stored without the decorator must then be
   * refused.
   *
   * @defaultValue `false`
   */
  readonly hides?: boolean;
  /**
   * `true` if stored bytes belong to their id, so that they cannot be decoded under another one.
   *
   * @defaultValue `false`
   */
  readonly bindsId?: boolean;
  /**
   * `true` if no bytes are stored twice, however often the same data is written, because each encoding has a nonce.
   *
   * @defaultValue `false`
   */
  readonly neverRepeats?: boolean;
  /**
   * The same decorator before and after a change of keys, for one whose keys can be changed. `decorate` is then the
   * decorator during the change, which writes with the new key and still knows the old one.
   */
  readonly keyChange?: {
    /** Writes with the old key, the only one that it knows. */
    readonly before: Decorate;
    /** Knows only the new key. */
    readonly after: Decorate;
  };
}
