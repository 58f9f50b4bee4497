import type { RunningCall } from "../call.ts";
import { isSessionError, SessionError } from "../errors.ts";
import { Content } from "./content.ts";
import { goneError, isInDoubt, isLostConnection, isTooLarge, tooManyConflicts } from "./failures.ts";
import type { SessionRecord } from "./record.ts";
import type { Records, Sight } from "./records.ts";
import { createToken, isDecidable, withTokens } from "./tokens.ts";

/** What is to be made of a session, on whatever is stored by then. */
export interface Commit<T> {
  /** What its owner has seen of the session, if anything. */
  readonly seen: Sight | undefined;
  /** What a session begins with that is absent; `undefined`: then it is gone, and nothing brings it back. */
  readonly beginning: SessionRecord | undefined;
  /** Left in the record by the write, so that whoever is in doubt can find out. */
  readonly tokens: readonly string[];
  /** Whether making it twice comes to the same as making it once, and last. */
  readonly isRepeatable: boolean;
  /** Makes the changes. It may run again, on fresher content, and fails alone when it throws. */
  run(content: Content, base: Sight): T;
  /** Called when it has been applied, with what is stored since. */
  applied?(sight: Sight): void;
  /** Called when nobody knows whether it has been applied, with what it would have replaced. */
  doubted?(base: Sight): void;
}

export type CommitResult<T> = { readonly value: T } | { readonly error: unknown };

/** A commit on its way, and whoever waits for it. */
export interface Member {
  readonly commit: Commit<unknown>;
  readonly call: RunningCall;
  settle(result: CommitResult<unknown>): void;
  /** What the last run came to. */
  result?: CommitResult<unknown>;
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
    await attempt();
  } catch (error) {
    seen.sight = undefined;
    const result = { error: withOutcome(error) };
    for (const { settle } of together) settle(result);
  }
  for (const { call, settle } of together) if (call.ended) settle({ error: call.reason });

  async function attempt(): Promise<void> {
    const tokens = tokensOf(together, records);
    let isFresh = false;
    let doubtful: Doubt | undefined;
    seen.sight = newest([seen.sight, ...together.map(({ commit }) => commit.seen)]);
    for (let conflicts = 0; ; ) {
      if (seen.sight === undefined) {
        seen.sight = await records.read(key, false);
        isFresh = true;
      }
      const base = seen.sight;
      const members = together.filter(({ call }) => !call.ended);
      if (doubtful && tokens.some((token) => base.stored?.record.tokens.includes(token))) return settle(members, base);
      if (doubtful && !isDecidable(doubtful.base, base, records.format) && !members.every(isRepeatable))
        throw doubtful.error;
      const record = runAll(members, base, tokens);
      if (record === undefined) {
        if (isFresh) return settle(members, base);
        seen.sight = undefined;
        continue;
      }
      try {
        for (const { call } of members) call.sent = true;
        const { isWritten, sight } = await records.write(key, record, base.stored);
        seen.sight = sight;
        if (isWritten) return settle(members, sight);
      } catch (error) {
        if (isTooLarge(error) && members.length > 1) return eachAlone(members);
        if (!isInDoubt(error)) throw error;
        for (const { commit } of members) commit.doubted?.(base);
        // A creation may still happen, so that its id is given up, unless it was chosen elsewhere.
        const isAbandoned = base.stored === undefined && !records.format.adoptsIds;
        if (doubtful || isAbandoned || !isLostConnection(error)) throw error;
        doubtful = { base, error };
        seen.sight = await records.read(key, false).catch(() => Promise.reject(error));
      }
      for (const { call } of members) call.sent = doubtful !== undefined;
      isFresh = true;
      conflicts += 1;
      if (conflicts > maxConflicts) throw tooManyConflicts(conflicts);
    }
  }

  async function eachAlone(members: readonly Member[]): Promise<void> {
    for (const member of members) {
      member.call.sent = false;
      await commitTogether(key, seen, [member], records, maxConflicts);
    }
  }
}

interface Doubt {
  readonly base: Sight;
  readonly error: SessionError;
}

function newest(sights: readonly (Sight | undefined)[]): Sight | undefined {
  return sights.reduce((best, sight) => (sight && (!best || sight.order > best.order) ? sight : best), undefined);
}

/** Members without tokens of their own share one. */
function tokensOf(members: readonly Member[], { format }: Records): string[] {
  if (!format.keepsTokens) return [];
  const tokens = members.flatMap(({ commit }) => commit.tokens);
  return members.some(({ commit }) => commit.tokens.length === 0) ? [...tokens, createToken()] : tokens;
}

/** The record with all changes, or `undefined` when there is none. Each member works on a savepoint of its own. */
function runAll(members: readonly Member[], base: Sight, tokens: readonly string[]): SessionRecord | undefined {
  const record = base.stored?.record;
  let content = record && new Content(record);
  for (const member of members) {
    const { commit } = member;
    try {
      if (record === undefined ? commit.beginning === undefined : record.forward !== undefined) throw goneError();
      content ??= new Content(commit.beginning as SessionRecord); // it has one, or it would be gone
      const savepoint = new Content(content);
      member.result = { value: commit.run(savepoint, base) };
      savepoint.applyTo(content);
    } catch (error) {
      member.result = { error };
    }
  }
  return content?.isChanged ? content.toRecord(withTokens(record?.tokens ?? [], tokens)) : undefined;
}

function settle(members: readonly Member[], sight: Sight): void {
  for (const { commit, settle, result } of members) {
    if (result === undefined) continue;
    if ("value" in result) commit.applied?.(sight);
    settle(result);
  }
}

/** What was not sent has not been applied: a read that failed, for one. */
function withOutcome(error: unknown): unknown {
  if (!isSessionError(error) || error.outcome !== undefined) return error;
  return new SessionError(error.code, error.message, { cause: error.cause, outcome: "not-applied" });
}

function isRepeatable({ commit }: Member): boolean {
  return commit.isRepeatable;
}
