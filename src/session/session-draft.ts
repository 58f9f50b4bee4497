import type { Json } from "../formats/json.ts";

/**
 * The name of an attribute.
 *
 * @public
 */
export type AttributeName<Attributes> = keyof Attributes & string;

/**
 * A value as it is handed out: read-only at every level.
 *
 * @public
 */
export type ReadOnly<Value> = Value extends object ? { readonly [Name in keyof Value]: ReadOnly<Value[Name]> } : Value;

/**
 * What a session holds, to be read and changed. Changes are visible at once in it, and stored by a save.
 *
 * @remarks
 * Values are plain data: what JSON can carry, up to 100 levels deep. Anything else (`undefined` within a value, a `Date`, a
 * `Map`, a BigInt, NaN, a function, a cycle) is refused by a `TypeError` when it is set, and nothing has changed then. So is what
 * takes more room than a session has, by a {@link SessionError} with code `too-large`. What is too large only together with
 * what is stored already is refused when it is saved.
 *
 * @public
 */
export interface SessionDraft<Attributes extends object = Record<string, unknown>> {
  /** What the cookie carries. Whoever knows it has the session: keep it out of logs, URLs and messages. */
  readonly id: string;
  /** Whether changes are refused, because the session was opened by an id in its grace time. */
  readonly isReadOnly: boolean;
  /** Messages that are shown once. */
  readonly flash: SessionFlashes;
  /** What the format keeps about the session. */
  readonly metadata: SessionMetadata;

  /** The value, frozen at every level; `undefined` where there is none. */
  get<Name extends AttributeName<Attributes>>(name: Name): ReadOnly<Attributes[Name]> | undefined;
  /** A copy of the value, to be changed and handed to `set`. */
  copy<Name extends AttributeName<Attributes>>(name: Name): Attributes[Name] | undefined;
  /** Whether there is such an attribute. */
  has(name: AttributeName<Attributes>): boolean;
  /** The names of all attributes. */
  names(): AttributeName<Attributes>[];
  /** Sets an attribute to a copy of `value`. */
  set<Name extends AttributeName<Attributes>>(name: Name, value: Exclude<Attributes[Name], undefined>): void;
  /** Removes an attribute; if there is one. */
  delete(name: AttributeName<Attributes>): void;
  /**
   * Sets an attribute to what `change` makes of it, or removes it when that is `undefined`. Returns what `change` has returned.
   *
   * @remarks
   * `change` is recorded: when somebody else has changed the session meanwhile, it runs again, on what is there by then. So it
   * should depend on nothing but what it is given: a copy of its own, which it may change and return. A promise is refused by
   * a `TypeError`.
   */
  update<Name extends AttributeName<Attributes>, Result extends Attributes[Name] | undefined>(
    name: Name,
    change: (current: Attributes[Name] | undefined) => Result,
  ): Result;
}

/**
 * Messages that are shown once, by type.
 *
 * @remarks
 * They stay until they are taken: reading the session, or changing anything else in it, leaves them. Two that take them at
 * the same time may both get them.
 *
 * @public
 */
export interface SessionFlashes {
  /** Adds a message: plain data. */
  add(type: string, value: unknown): void;
  /** The messages, oldest first; removes exactly these. */
  take(type: string): readonly Json[];
  /** Removes one message that is equal to `value`, the oldest; if there is one. */
  remove(type: string, value: unknown): void;
  /** The messages, oldest first; leaves them. */
  peek(type: string): readonly Json[];
  /** The types of which there are messages. */
  types(): string[];
}

/**
 * What the format keeps about the session: see the format for the names.
 *
 * @public
 */
export interface SessionMetadata {
  /** The value, frozen at every level. */
  get(name: string): Json | undefined;
  /** Sets what the format allows to be set; else a `TypeError`. */
  set(name: string, value: unknown): void;
  /** The names of what there is. */
  names(): string[];
}
