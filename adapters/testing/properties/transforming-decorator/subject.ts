import type { Decorate } from "../decorator.ts";

/**
 * A decorator that changes the bytes between its callers and the store: encryption, compression, a checksum.
 *
 * @public
 */
export interface TransformingDecorator {
  /** Puts the decorator around a handler: several times around one store, as in several processes, and around itself. */
  readonly decorate: Decorate;
  /** The same decorator where it cannot encode anything, for instance for want of a key. Absent: that does not happen. */
  readonly decorateFailing?: Decorate;
  /**
   * Makes bytes of the store such that they cannot be decoded. For a decorator that takes any bytes, it returns them as they are.
   *
   * @defaultValue flips every bit
   */
  readonly damage?: (stored: Uint8Array) => Uint8Array;
  /**
   * Holds when the store must never see what the callers have written.
   *
   * @defaultValue `false`
   */
  readonly hides?: boolean;
}
