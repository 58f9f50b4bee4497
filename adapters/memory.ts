/**
 * Keeps sessions in the memory of this process.
 *
 * @packageDocumentation
 */

import { type Clock, type ListingSessionHandler, systemClock } from "sessionwire";
import { checkCount, createGuardedHandler } from "sessionwire/backend";
import { createMemoryBackend } from "./memory/backend.ts";
import { joinChannel, type MemoryChannel } from "./memory/channel.ts";

export type { MemoryChannel } from "./memory/channel.ts";

/**
 * The options of {@link createMemoryHandler}.
 *
 * @public
 */
export interface MemoryHandlerOptions {
  /**
   * Maximum number of sessions. When there is no room, the least recently used session is dropped first: the one whose
   * last read, write or touch is the longest ago.
   *
   * @defaultValue no limit
   */
  readonly maxSessions?: number | undefined;
  /**
   * Maximum size of the data of all sessions together, in bytes; at least `maxBytes`. Sessions are dropped as with
   * `maxSessions`.
   *
   * @defaultValue no limit
   */
  readonly maxTotalBytes?: number | undefined;
  /**
   * Maximum size of one session, in bytes; a larger one is refused with code `too-large`.
   *
   * @defaultValue 1,048,576 (1 MiB)
   */
  readonly maxBytes?: number | undefined;
  /**
   * The source of time. Expiry uses its monotonic time, so setting the machine's clock neither ends nor prolongs a
   * session.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Keeps sessions in the memory of this process: the default for development, tests and single processes.
 *
 * @remarks
 * Expiry is exact and needs no timer: an expired session is absent from that moment on. Later operations release its
 * memory, each looking at a few sessions; an idle process therefore keeps its memory.
 *
 * A page of `list` looks at no more than 100 sessions; expired ones are not listed. Listing does not count as use of a
 * session.
 *
 * @throws `RangeError` or `TypeError` for an option that cannot be used.
 *
 * @public
 */
export function createMemoryHandler(options: MemoryHandlerOptions = {}): ListingSessionHandler {
  const { maxSessions = Infinity, maxTotalBytes = Infinity, clock = systemClock, ...guardOptions } = options;
  checkBound("maxSessions", maxSessions, 1);
  checkBound("maxTotalBytes", maxTotalBytes, guardOptions.maxBytes ?? 1_048_576);
  const backend = createMemoryBackend({ maxSessions, maxTotalBytes }, clock);
  return createGuardedHandler(backend, { ...guardOptions, name: "Memory", clock });
}

/**
 * Creates a channel between managers in one process, mainly for tests: `createSessionManager({ handler, channel })` and
 * `createSessionManager({ handler, channel: channel.another() })`. It loses no messages, so it never reports a gap.
 *
 * @public
 */
export function createMemoryChannel(): MemoryChannel {
  return joinChannel(new Set());
}

function checkBound(name: string, value: number, min: number): void {
  if (value !== Infinity) checkCount(name, value, min);
}
