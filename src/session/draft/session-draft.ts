import type { Json } from "../../formats/json.ts";
import type { OpaqueValue } from "../../formats/opaque-value.ts";

/**
 * The name of an attribute.
 *
 * @public
 */
export type AttributeName<Attributes> = keyof Attributes & string;

/**
 * A value as it is returned: read-only at every level.
 *
 * @public
 */
export type ReadOnly<Value> = Value extends OpaqueValue
  ? Value
  : Value extends readonly (infer Item)[]
    ? [Json] extends [Item] // already read-only, and endless
      ? readonly Item[]
      : { readonly [Index in keyof Value]: ReadOnly<Value[Index]> }
    : Value extends object
      ? { readonly [Name in keyof Value]: ReadOnly<Value[Name]> }
      : Value;

/**
 * The content of a session, to be read and changed. Changes are visible in it at once, and stored by a save.
 *
 * @remarks
 * Values are plain data that JSON can represent, up to 100 levels deep. Anything else (`undefined` within a value, a
 * `Date`, a `Map`, a BigInt, NaN, a function, a cycle) is refused with a `TypeError` when it is set, and nothing
 * changes. A value that does not fit into a session is refused in the same way, with a {@link SessionError} with code
 * `too-large`. A value that is only too large together with the stored content is refused when it is saved. A format
 * may have opaque values besides, which are kept as they are.
 *
 * @public
 */
export interface SessionDraft<Attributes extends object = Record<string, unknown>> {
  /** The id that the cookie carries. Whoever knows it has the session: keep it out of logs, URLs and messages. */
  readonly id: string;
  /** `true` if changes are refused, because the session was opened by an id in its grace period. */
  readonly isReadOnly: boolean;
  /** Messages that are shown once. */
  readonly flash: SessionFlashes;
  /** The metadata that the format stores about the session. */
  readonly metadata: SessionMetadata;

  /** Returns the value, frozen at every level; `undefined` if there is none. */
  get<Name extends AttributeName<Attributes>>(name: Name): ReadOnly<Attributes[Name]> | undefined;
  /** Returns a copy of the value, which may be changed and passed to `set`. */
  copy<Name extends AttributeName<Attributes>>(name: Name): Attributes[Name] | undefined;
  /** Checks if there is such an attribute. */
  has(name: AttributeName<Attributes>): boolean;
  /** Returns the names of all attributes. */
  names(): AttributeName<Attributes>[];
  /** Sets an attribute to a copy of `value`. It ends with the session, or after its own `ttlSeconds`. */
  set<Name extends AttributeName<Attributes>>(
    name: Name,
    value: Exclude<Attributes[Name], undefined>,
    options?: SetOptions,
  ): void;
  /** Removes an attribute if it exists. */
  delete(name: AttributeName<Attributes>): void;
  /**
   * Sets an attribute to the result of `change`, or removes it if the result is `undefined`. Returns the result.
   *
   * @remarks
   * `change` is recorded: if another writer has changed the session in the meantime, it runs again on the current
   * value. It should therefore depend only on its argument, a copy that it may change and return. Returning a promise
   * is refused with a `TypeError`. An attribute with an end of its own keeps that end.
   */
  update<Name extends AttributeName<Attributes>, Result extends Attributes[Name] | undefined>(
    name: Name,
    change: (current: Attributes[Name] | undefined) => Result,
  ): Result;
}

/**
 * The options of {@link SessionDraft.set}.
 *
 * @public
 */
export interface SetOptions {
  /**
   * The time after which the attribute is absent, in whole seconds from now, up to 2^31 - 1. Nothing extends it but
   * another `set`. Only for formats that can store it, such as the native one; others throw a `TypeError`.
   *
   * @defaultValue none: it is kept as long as the session
   */
  readonly ttlSeconds?: number | undefined;
}

/**
 * Messages that are shown once, by type.
 *
 * @remarks
 * They stay until they are taken, whatever else is read or changed in the session. Two callers that take them at the
 * same time may both get them.
 *
 * @public
 */
export interface SessionFlashes {
  /** Adds a message of plain data. */
  add(type: string, value: unknown): void;
  /** Returns the messages, oldest first, and removes exactly these. */
  take(type: string): readonly Json[];
  /** Removes the oldest message that equals `value`, if there is one. */
  remove(type: string, value: unknown): void;
  /** Returns the messages, oldest first, without removing them. */
  peek(type: string): readonly Json[];
  /** Returns the types that have messages. */
  types(): string[];
}

/**
 * The metadata that the format stores about the session; see the format for the names.
 *
 * @public
 */
export interface SessionMetadata {
  /** Returns the value, frozen at every level. */
  get(name: string): Json | undefined;
  /** Sets metadata that the format allows to be set; otherwise throws a `TypeError`. */
  set(name: string, value: unknown): void;
  /** Returns the names of the metadata. */
  names(): string[];
}
