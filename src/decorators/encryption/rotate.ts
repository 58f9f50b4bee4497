import { abortedError } from "../../backend/call-errors.ts";
import { checkCount, checkMethods, checkOptionNames, checkSignal, MAX_TTL_SECONDS } from "../../backend/checks.ts";
import { isSessionError } from "../../errors.ts";
import type { ListingSessionHandler, OperationOptions } from "../../handler.ts";
import type { Encrypted } from "../encryption.ts";
import type { Reencryption, TtlSecondsOf } from "./reencryption.ts";

/**
 * The options of {@link rotate}.
 *
 * @public
 */
export interface RotateOptions extends Pick<OperationOptions, "signal"> {
  /** The time to live of the sessions that are rewritten, in whole seconds from 1 to 2^31 - 1. */
  readonly ttlSeconds: number | TtlSecondsOf;
  /**
   * Rewrites only records whose keys have this prefix.
   *
   * @defaultValue `""`: all that the handler lists
   */
  readonly prefix?: string | undefined;
  /** The `next` of the progress at which an earlier run ended, with the same `prefix`. Absent: from the beginning. */
  readonly cursor?: string | undefined;
  /**
   * Maximum number of records that are read or rewritten at a time.
   *
   * @defaultValue 8
   */
  readonly concurrency?: number | undefined;
  /** Called after each page of the listing. An error that it throws ends the run. */
  readonly onProgress?: ((progress: RotationProgress) => void) | undefined;
}

/**
 * The progress of a run of {@link rotate}, counted from its own beginning.
 *
 * @public
 */
export interface RotationProgress {
  /** The number of records listed; a store may list one more than once. */
  readonly seen: number;
  /** The number of records that are now encrypted with the first key, and were not before. */
  readonly rewritten: number;
  /** The number of records that somebody else has written in the meantime. */
  readonly conflicts: number;
  /** The number of records that were left because they have no time to live, or no room for 64 more bytes. */
  readonly left: number;
  /** The number of records with code `corrupt` or `key-missing`. */
  readonly unreadable: number;
  /** The cursor at which a later run goes on; `undefined` at the end. */
  readonly next: string | undefined;
}

/**
 * Rewrites all records of a store that are not encrypted with the first key, plaintext included, while they are in use.
 *
 * @remarks
 * A record is replaced only if it is still what was read. So no change is lost, no session that has ended comes back,
 * and a record that somebody writes at the same time is left to that writer, who encrypts it with the first key of its
 * own list. All processes must have the new key in first place before.
 *
 * If it rejects, because the store has failed or the `signal` has aborted, everything rewritten until then is kept. A
 * later run, in any process, goes on at `next` of the last progress; from the beginning, it only reads what is done.
 *
 * @throws `RangeError` or `TypeError` for an invalid option (as a rejection).
 *
 * @public
 */
export async function rotate(
  handler: Encrypted<ListingSessionHandler>,
  options: RotateOptions,
): Promise<RotationProgress> {
  checkMethods("The handler", handler, ["list", "reencrypt"]);
  checkOptionNames("rotate", options, optionNames);
  const { ttlSeconds, prefix, signal, concurrency = 8, onProgress } = options;
  if (typeof ttlSeconds !== "function") checkCount("ttlSeconds", ttlSeconds, 1, MAX_TTL_SECONDS);
  checkCount("concurrency", concurrency, 1);
  checkSignal(signal);
  const counts = { seen: 0, rewritten: 0, conflicts: 0, left: 0, unreadable: 0 };
  let { cursor } = options;
  do {
    const { ids, next } = await handler.list({ prefix, cursor, signal });
    await forEach(ids, concurrency, async (id) => {
      if (signal?.aborted) throw abortedError(signal);
      const ending = await handler.reencrypt(id, ttlSeconds, { signal }).catch(endingOf);
      counts.seen += 1;
      const counted = countOf[ending];
      if (counted) counts[counted] += 1;
    });
    cursor = next;
    onProgress?.({ ...counts, next });
  } while (cursor !== undefined);
  return { ...counts, next: undefined };
}

const optionNames = ["ttlSeconds", "prefix", "cursor", "signal", "concurrency", "onProgress"];

type Ending = Reencryption | "unreadable";

const countOf: Readonly<Record<Ending, "rewritten" | "conflicts" | "left" | "unreadable" | undefined>> = {
  current: undefined,
  absent: undefined,
  rewritten: "rewritten",
  conflict: "conflicts",
  left: "left",
  unreadable: "unreadable",
};

/** Returns the ending of a record that is itself the reason for a failure. */
function endingOf(error: unknown): Ending {
  if (!isSessionError(error)) throw error;
  if (error.code === "corrupt" || error.code === "key-missing") return "unreadable";
  if (error.code === "too-large") return "left";
  throw error;
}

/** Acts on some items at a time. After a failure, nothing more is begun, and it rejects when nothing is under way. */
async function forEach<Item>(
  items: readonly Item[],
  atATime: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  let hasFailed = false;
  const work = async () => {
    for (const item of waiting) {
      if (hasFailed) return;
      await act(item).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  const endings = await Promise.allSettled(Array.from({ length: Math.min(atATime, items.length) }, work));
  for (const ending of endings) if (ending.status === "rejected") throw ending.reason;
}
