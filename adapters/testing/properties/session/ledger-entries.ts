/**
 * A change as its maker knows it. Its tag is the value that it leaves, of which there is no other.
 *
 * @public
 */
export interface SessionChange {
  /** A value of an attribute, its removal, an entry of the list, a message, or the taking of messages. */
  readonly kind: "set" | "delete" | "append" | "add" | "take";
  /** The attribute. */
  readonly name: string;
  /** What stands for it in the session. */
  readonly tag: string;
  /** The messages that a take has shown. */
  readonly seen: readonly string[];
  /** The changes of one maker go one after the other. */
  readonly maker: object;
  /** What its maker was told: nothing that would let it be stored, that nobody knows, or that it is. */
  word: "not stored" | "unknown" | "stored";
  /** When it was first tried to store it; `Infinity`: never. */
  begunAt: number;
  /** When that was acknowledged. */
  storedAt: number;
  /** Whether its maker has given it up. */
  isDiscarded: boolean;
  /** The place in the list at which its maker was told it is. */
  place?: number;
}

/**
 * Something that ends what is stored under an id: a destroy, or a move to another id.
 *
 * @public
 */
export interface SessionEnd {
  /** The id. */
  readonly id: string;
  /** Where it goes on, as far as that was told. */
  to?: string;
  /** Until when the old id leads on; 0: it does not. */
  readonly until: number;
  /** When it was tried. */
  readonly begunAt: number;
  /** When it was acknowledged. */
  doneAt: number;
  /** What its maker was told: `"stored"` stands for done. */
  word: SessionChange["word"];
}

/**
 * What a session shows.
 *
 * @public
 */
export interface SessionView {
  /** The attributes but the list. */
  readonly attributes: ReadonlyMap<string, unknown>;
  /** What functions have appended to. */
  readonly list: readonly string[];
  /** The messages of the one type that there is. */
  readonly messages: readonly string[];
}

/**
 * A look at a session.
 *
 * @public
 */
export interface SessionLook {
  /** By which id. */
  readonly id: string;
  /** When it began. */
  readonly begunAt: number;
  /** Whether the session was known to be stored then. */
  readonly wasStored: boolean;
  /** What it has shown; `undefined`: no session. */
  readonly view: SessionView | undefined;
  /** The changes of whoever looks that are not saved yet: they are laid over what there is. */
  readonly unsaved?: readonly SessionChange[];
  /** The law that is broken when something is missing. */
  readonly law?: number;
}

/**
 * What somebody was told: a value, or an error.
 *
 * @public
 */
export interface AttemptResult<T> {
  /** What came out. */
  readonly value?: T;
  /** What it was rejected with. */
  readonly error?: unknown;
  /** What the error says of its outcome. */
  readonly outcome?: string | undefined;
}

/**
 * What an application throws in its own functions.
 *
 * @public
 */
export class Refusal extends Error {}

/**
 * The list of tags, which nothing else is stored as.
 *
 * @public
 */
export function listOf(value: unknown): string[] {
  return (value ?? []) as string[];
}
