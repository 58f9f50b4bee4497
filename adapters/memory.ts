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
   * The most sessions that are kept. When there is no room, the session whose last read, write or touch is the longest ago
   * goes first.
   *
   * @defaultValue no bound
   */
  readonly maxSessions?: number | undefined;
  /**
   * The most bytes of session data that are kept, of all sessions together; at least `maxBytes`. Makes room as
   * `maxSessions` does.
   *
   * @defaultValue no bound
   */
  readonly maxTotalBytes?: number | undefined;
  /**
   * The most bytes that a session may have; more is refused with code `too-large`.
   *
   * @defaultValue 1,048,576 (1 MiB)
   */
  readonly maxBytes?: number | undefined;
  /**
   * The source of the time. Expiry goes by its monotonic time, so that setting the machine's clock neither ends nor
   * prolongs a session.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Keeps sessions in the memory of this process: the default for development, tests and single processes.
 *
 * @remarks
 * Expiry is exact and needs no timer: an expired session is absent from that moment on. Its memory is given back by later
 * operations, each of which looks at a few sessions; an idle process therefore keeps what it holds.
 *
 * A page of `list` looks at 100 sessions at most; expired ones are not listed. Listing is no use of a session.
 *
 * @throws `RangeError` or `TypeError` for an option that cannot be used.
 *
 * @public
 */
export function createMemoryHandler(options: MemoryHandlerOptions = {}): ListingSessionHandler {
  const { maxSessions = Infinity, maxTotalBytes = Infinity, clock = systemClock, ...guardOptions } = options;
  checkBound("maxSessions", maxSessions, 1);
  checkBound("maxTotalBytes", maxTotalBytes, guardOptions.maxBytes ?? 1_048_576);
  const backend = createMemoryBackend(maxSessions, maxTotalBytes, clock);
  return createGuardedHandler(backend, { ...guardOptions, name: "Memory", clock });
}

/**
 * Makes a channel between managers in one process, for tests above all: `createSessionManager({ handler, channel })` and
 * `createSessionManager({ handler, channel: channel.another() })`. It misses nothing, so it never reports a gap.
 *
 * @public
 */
export function createMemoryChannel(): MemoryChannel {
  return joinChannel(new Set());
}

function checkBound(name: string, value: number, min: number): void {
  if (value !== Infinity) checkCount(name, value, min);
}
