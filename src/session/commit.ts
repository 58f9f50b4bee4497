import type { RunningCall } from "../call.ts";
import type { Outcome, SessionError } from "../errors.ts";
import { Content } from "./content.ts";
import { goneError, isInDoubt, isLostConnection, isOfData, tooManyConflicts, withOutcome } from "./failures.ts";
import type { SessionRecord } from "./record.ts";
import type { Records, Sight } from "./records.ts";
import { isDecidable, withTokens } from "./tokens.ts";

/** What is to be made of a session, on whatever is stored by then. */
export interface Commit<T> {
  /** What its owner has seen of the session, if anything. */
  readonly seen: Sight | undefined;
  /** What a session begins with that is absent; `undefined`: then it is gone, and nothing brings it back. */
  readonly beginning: SessionRecord | undefined;
  /** Left in the record by the write, so that whoever is in doubt can find out. */
  tokens(): readonly string[];
  /** Whether making it twice comes to the same as making it once, and last. */
  readonly isRepeatable: boolean;
  /** Makes the changes. It may run again, on fresher content, and fails alone when it throws. */
  run(content: Content, base: Sight): T;
  /** Called when it has been applied, with what is stored since. */
  applied?(sight: Sight): void;
  /** Called when there is nothing to apply it to: the session has ended, or goes on under another key. */
  gone?(hasMoved: boolean): void;
  /** Called when nobody knows whether it has been applied, with what it would have replaced. */
  doubted?(base: Sight): void;
}

export type CommitResult<T> = { readonly value: T } | { readonly error: unknown };

/** A commit on its way, and whoever waits for it. */
export interface Member {
  readonly commit: Commit<unknown>;
  readonly call: RunningCall;
  settle(result: CommitResult<unknown>): void;
  /** What the last run came to; in `absence`, why it was none. */
  result?: CommitResult<unknown>;
  absence?: "ended" | "moved" | undefined;
}

/** What was seen of a session last; `undefined`: nothing that could be built on. */
export interface Seen {
  sight: Sight | undefined;
}

/**
 * Applies what the members want to what is stored: by one write, made again on what is there now as often as somebody was
 * faster. What a run decides (a refusal, or that there is nothing to change) holds only when what it saw was there after the
 * member had come: the write tells, or else one more read.
 */
export async function commitTogether(
  key: string,
  seen: Seen,
  together: readonly Member[],
  records: Records,
  maxConflicts: number,
): Promise<void> {
  try {
    await new SharedWrite(key, seen, together, records, maxConflicts).commit();
  } catch (error) {
    seen.sight = undefined;
    const result = { error: withOutcome(error, "not-applied") }; // what has been sent says so itself
    for (const { settle } of together) settle(result);
  }
  for (const { call, settle } of together) if (call.ended) settle({ error: call.reason });
}

class SharedWrite {
  readonly #key: string;
  readonly #seen: Seen;
  readonly #together: readonly Member[];
  readonly #records: Records;
  readonly #maxConflicts: number;
  /** Shared by the members that have no token of their own. */
  readonly #token: string;
  #conflicts = 0;
  /** Whether what was seen was there after the members had come. */
  #isFresh = false;
  /** A write of which nobody knows whether it was applied, and what it would have replaced. */
  #doubt: { readonly base: Sight; readonly tokens: readonly string[]; readonly error: SessionError } | undefined;
  #hasDoubted = false;

  constructor(key: string, seen: Seen, together: readonly Member[], records: Records, maxConflicts: number) {
    this.#key = key;
    this.#seen = seen;
    this.#together = together;
    this.#records = records;
    this.#maxConflicts = maxConflicts;
    this.#token = records.createToken();
  }

  async commit(): Promise<void> {
    this.#seen.sight = newest([this.#seen.sight, ...this.#together.map(({ commit }) => commit.seen)]);
    for (;;) {
      const base = this.#seen.sight ?? (await this.#look());
      const members = this.#together.filter(({ call }) => !call.ended);
      if (this.#wasApplied(base, members)) return settle(members, base);
      const outcome = this.#doubt ? "unknown" : "not-applied";
      const content = runAll(members, base, outcome);
      if (content?.isChanged) {
        if (await this.#write(content, base, members)) return;
      } else {
        if (this.#isFresh) return settle(members, base);
        this.#seen.sight = undefined;
      }
    }
  }

  async #look(): Promise<Sight> {
    const sight = await this.#records.read(this.#key, false);
    this.#seen.sight = sight;
    this.#isFresh = true;
    return sight;
  }

  /** `true` when all have been settled by it; else `seen` says what there is to go on with. */
  async #write(content: Content, base: Sight, members: readonly Member[]): Promise<boolean> {
    const tokens = this.#tokensOf(members);
    const record = content.toRecord(withTokens(base.stored?.record.tokens ?? [], tokens));
    for (const { call } of members) call.sent = true;
    try {
      const { isWritten, sight } = await this.#records.write(this.#key, record, base.stored);
      this.#seen.sight = sight;
      this.#isFresh = true;
      if (isWritten) {
        settle(members, sight);
        return true;
      }
    } catch (error) {
      if (isOfData(error) && members.length > 1) {
        await this.#eachAlone(members);
        return true;
      }
      await this.#lookAfter(error, base, tokens, members);
    }
    for (const { call } of members) call.sent = this.#doubt !== undefined;
    this.#conflicts += 1;
    if (this.#conflicts > this.#maxConflicts) throw this.#doubt?.error ?? tooManyConflicts(this.#conflicts);
    return false;
  }

  /** Looks once what has become of a write whose reply was lost; or throws. */
  async #lookAfter(error: unknown, base: Sight, tokens: readonly string[], members: readonly Member[]): Promise<void> {
    if (!isInDoubt(error)) throw this.#doubt?.error ?? error;
    for (const { commit } of members) commit.doubted?.(base);
    // Where there is nothing after a creation, it may still happen, or the session may have been ended since.
    if (this.#hasDoubted || base.stored === undefined || !isLostConnection(error)) throw error;
    this.#doubt = { base, tokens, error };
    this.#hasDoubted = true;
    await this.#look().catch(() => Promise.reject(error));
  }

  /** Whether the write in doubt has been applied. Throws when nobody can tell any more, and it would make a difference. */
  #wasApplied(now: Sight, members: readonly Member[]): boolean {
    if (this.#doubt === undefined) return false;
    const { base, tokens, error } = this.#doubt;
    // All of them: an earlier attempt that arrives late has brought along some.
    if (tokens.length > 0 && tokens.every((token) => now.stored?.record.tokens.includes(token))) return true;
    if (!isDecidable(base, now, this.#records.format)) {
      if (members.every(isRepeatable)) return false;
      throw error;
    }
    // As long as nothing else was written, it may be on its way yet.
    if (now.stored?.version !== base.stored?.version) this.#doubt = undefined;
    return false;
  }

  /** Only of those whose changes are in it: who finds his token takes them for stored. */
  #tokensOf(members: readonly Member[]): string[] {
    if (!this.#records.format.keepsTokens) return [];
    const tokens = members
      .filter(({ result }) => result && "value" in result)
      .flatMap(({ commit }) => (commit.tokens().length > 0 ? commit.tokens() : this.#token));
    return [...new Set(tokens)];
  }

  async #eachAlone(members: readonly Member[]): Promise<void> {
    for (const member of members) {
      member.call.sent = false;
      await commitTogether(this.#key, this.#seen, [member], this.#records, this.#maxConflicts);
    }
  }
}

function newest(sights: readonly (Sight | undefined)[]): Sight | undefined {
  return sights.reduce((best, sight) => (sight && (!best || sight.order > best.order) ? sight : best), undefined);
}

/** The content with all changes. Each member works on a savepoint of its own; `outcome` is for those who have come too late. */
function runAll(members: readonly Member[], base: Sight, outcome: Outcome): Content | undefined {
  const record = base.stored?.record;
  let content = record && new Content(record);
  for (const member of members) {
    const { commit } = member;
    member.absence = absenceOf(record, commit);
    try {
      if (member.absence) throw goneError(outcome);
      content ??= new Content(commit.beginning as SessionRecord); // it has one, or it would be gone
      const savepoint = new Content(content);
      member.result = { value: commit.run(savepoint, base) };
      savepoint.applyTo(content);
    } catch (error) {
      member.result = { error };
    }
  }
  return content;
}

function absenceOf(record: SessionRecord | undefined, { beginning }: Commit<unknown>): Member["absence"] {
  if (record === undefined) return beginning === undefined ? "ended" : undefined;
  return record.forward ? "moved" : undefined;
}

function settle(members: readonly Member[], sight: Sight): void {
  for (const { commit, settle, result, absence } of members) {
    if (result === undefined) continue;
    if (absence) commit.gone?.(absence === "moved");
    if ("value" in result) commit.applied?.(sight);
    settle(result);
  }
}

function isRepeatable({ commit }: Member): boolean {
  return commit.isRepeatable;
}
