import type { SessionFormat } from "../../formats/format.ts";
import type { SessionRecord } from "../../formats/record.ts";
import { WorkingCopy } from "../changes/working-copy.ts";
import { Draft } from "../draft.ts";
import type { ReadOnlyViews } from "../read-only-views.ts";
import type { SessionUsersOptions } from "./options.ts";

/** Whose session a record is, or what the application's function has thrown. */
interface Answer {
  readonly user: string | undefined;
  readonly refusal?: { readonly error: unknown };
}

/** Says whose sessions records are, as the application tells it. */
export class Identities {
  readonly #options: SessionUsersOptions;
  readonly #shared: { readonly format: SessionFormat; readonly views: ReadOnlyViews };
  /** Records never change. */
  readonly #known = new WeakMap<SessionRecord, Answer>();

  constructor(options: SessionUsersOptions, shared: { readonly format: SessionFormat; readonly views: ReadOnlyViews }) {
    this.#options = options;
    this.#shared = shared;
  }

  /** `undefined` for nobody's, for what is no longer a session, and for what was stored without asking and names no user. */
  userOf(record: SessionRecord | undefined): string | undefined {
    return record === undefined || record.forward ? undefined : this.#answerFor(record).user;
  }

  /** The same of a record that is to be stored; throws where it names no user. */
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
      ...this.#shared,
      id: "",
      isReadOnly: true,
      maxBytes: 0,
      content: new WorkingCopy(record),
      perform() {},
    });
  }
}

/** Refuses what cannot name a user, or might name another one as well. */
export function checkedUser(id: unknown): string | undefined {
  if (id === undefined || id === null) return undefined;
  if (typeof id === "number" && Number.isFinite(id)) return String(id);
  if (typeof id === "string" && id !== "" && id.isWellFormed()) return id;
  throw new TypeError("The id of a user must be a number, or a well-formed text that is not empty.");
}
