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
   * `true` if the store must never see the data of the callers.
   *
   * @defaultValue `false`
   */
  readonly hides?: boolean;
}
