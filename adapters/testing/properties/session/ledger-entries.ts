/**
 * A change as its maker knows it. Its tag is a unique value that it leaves in the session.
 *
 * @public
 */
export interface SessionChange {
  /** A value of an attribute, its removal, an entry of the list, a message, or the taking of messages. */
  readonly kind: "set" | "delete" | "append" | "add" | "take";
  /** The attribute. */
  readonly name: string;
  /** The value that represents it in the session. */
  readonly tag: string;
  /** The messages that a take has returned. */
  readonly seen: readonly string[];
  /** The maker of the change. The changes of one maker happen one after the other. */
  readonly maker: object;
  /** The answer that its maker received: not stored, of unknown outcome, or stored. */
  word: "not stored" | "unknown" | "stored";
  /** The time of the first attempt to store it; `Infinity` if there was none. */
  begunAt: number;
  /** The time at which that was acknowledged. */
  storedAt: number;
  /** `true` if its maker has discarded it. */
  isDiscarded: boolean;
  /** Its position in the list, as reported to its maker. */
  place?: number;
}

/**
 * An event that ends the session under an id: a destroy, or a move to another id.
 *
 * @public
 */
export interface SessionEnd {
  /** The id. */
  readonly id: string;
  /** The id under which the session continues, if it is known. */
  to?: string;
  /** The time until which the old id leads on; 0 if it does not. */
  readonly until: number;
  /** The time of the attempt. */
  readonly begunAt: number;
  /** The time at which it was acknowledged. */
  doneAt: number;
  /** The answer that its maker received: `"stored"` means done. */
  word: SessionChange["word"];
}

/**
 * The content that a session shows.
 *
 * @public
 */
export interface SessionView {
  /** The attributes, except the list. */
  readonly attributes: ReadonlyMap<string, unknown>;
  /** The list to which functions append. */
  readonly list: readonly string[];
  /** The messages of the only type. */
  readonly messages: readonly string[];
}

/**
 * A look at a session.
 *
 * @public
 */
export interface SessionLook {
  /** The id that was used. */
  readonly id: string;
  /** The time at which it began. */
  readonly begunAt: number;
  /** `true` if the session was known to be stored then. */
  readonly wasStored: boolean;
  /** The content shown; `undefined` if there was no session. */
  readonly view: SessionView | undefined;
  /** The viewer's unsaved changes, which are shown on top of the stored data. */
  readonly unsaved?: readonly SessionChange[];
  /** The law that is broken if something is missing. */
  readonly law?: number;
}

/**
 * The answer that a caller received: a value, or an error.
 *
 * @public
 */
export interface AttemptResult<T> {
  /** The result. */
  readonly value?: T;
  /** The error it was rejected with. */
  readonly error?: unknown;
  /** The outcome that the error states. */
  readonly outcome?: string | undefined;
}

/**
 * An error that an application throws in its own functions.
 *
 * @public
 */
export class Refusal extends Error {}

/**
 * Returns a stored value as the list of tags, because nothing else is stored there.
 *
 * @public
 */
export function listOf(value: unknown): string[] {
  return (value ?? []) as string[];
}
