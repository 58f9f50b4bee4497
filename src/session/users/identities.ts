import type { SessionRecord } from "../../formats/record.ts";
import { WorkingCopy } from "../changes/working-copy.ts";
import { Draft, type DraftParts } from "../draft/draft.ts";
import type { SessionUsersOptions } from "./options.ts";

/** The user of a record, or the error that the application's function has thrown. */
interface Answer {
  readonly user: string | undefined;
  readonly refusal?: { readonly error: unknown };
}

/** Determines the users of records, by the application's function. */
export class Identities {
  readonly #options: SessionUsersOptions;
  readonly #drafts: DraftParts;
  /** Answers by record, which never changes. */
  readonly #known = new WeakMap<SessionRecord, Answer>();

  constructor(options: SessionUsersOptions, drafts: DraftParts) {
    this.#options = options;
    this.#drafts = drafts;
  }

  /**
   * Returns `undefined` for a session without a user, for a forward, and for a record stored without this check that
   * identifies no valid user.
   */
  userOf(record: SessionRecord | undefined): string | undefined {
    return record === undefined || record.forward ? undefined : this.#answerFor(record).user;
  }

  /** Returns the user of a record that is to be stored. Throws if the function fails or returns no valid user. */
  checkedUserOf(record: SessionRecord): string | undefined {
    if (record.forward) return undefined;
    const { user, refusal } = this.#answerFor(record);
    if (refusal) throw refusal.error;
    return user;
  }

  labelOf(record: SessionRecord): string | undefined {
    return this.#options.label?.(this.#contentOf(record));
  }

  #answerFor(record: SessionRecord): Answer {
    const known = this.#known.get(record);
    if (known) return known;
    const answer = this.#ask(record);
    this.#known.set(record, answer);
    return answer;
  }

  #ask(record: SessionRecord): Answer {
    try {
      return { user: checkedUser(this.#options.idOf(this.#contentOf(record))) };
    } catch (error) {
      return { user: undefined, refusal: { error } };
    }
  }

  #contentOf(record: SessionRecord): Draft {
    return new Draft({
      shared: this.#drafts,
      id: "",
      isReadOnly: true,
      content: new WorkingCopy(record),
      perform() {},
    });
  }
}

/** Refuses ids that cannot identify a user, or could be confused with another user's. */
export function checkedUser(id: unknown): string | undefined {
  if (id === undefined || id === null) return undefined;
  if (typeof id === "number" && Number.isFinite(id)) return String(id);
  if (typeof id === "string" && id !== "" && id.isWellFormed()) return id;
  throw new TypeError("The id of a user must be a finite number or a non-empty well-formed string.");
}
