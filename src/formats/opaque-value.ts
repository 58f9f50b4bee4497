/**
 * The property that marks an {@link OpaqueValue}, for authors of formats.
 *
 * @public
 */
export const opaqueBytes: unique symbol = Symbol.for("sessionwire.opaque-value");

/**
 * A value that JSON cannot represent, and that only its own format can store.
 *
 * @remarks
 * It never changes, so a session returns it as it is, alone or anywhere within plain data. A format that stores such
 * values says so by `acceptsOpaque`; in a session of another format, setting one is refused with a `TypeError`.
 *
 * @public
 */
export interface OpaqueValue {
  /** The minimum number of bytes that the value takes when it is stored. */
  readonly [opaqueBytes]: number;
}

/**
 * Checks if a value is opaque.
 *
 * @public
 */
export function isOpaqueValue(value: unknown): value is OpaqueValue {
  return typeof value === "object" && value !== null && opaqueBytes in value;
}
