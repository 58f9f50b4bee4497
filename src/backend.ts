/**
 * The parts that stores, decorators and formats are made of. An application needs none of them.
 *
 * @packageDocumentation
 */
export {
  checkClock,
  checkCount,
  checkMethods,
  checkOptionNames,
  isId,
  MAX_BYTES,
  MAX_DELAY_MS,
  MAX_TTL_SECONDS,
} from "./arguments.ts";
export type { Call } from "./call.ts";
export { scheduleDeadline } from "./clock.ts";
export { errorWithOutcome } from "./errors.ts";
export {
  createGuardedHandler,
  type GuardedHandler,
  type GuardedHandlerOptions,
  type KeyPage,
  type ListingSessionBackend,
  type MaybePromise,
  type NetworkedSessionBackend,
  type SessionBackend,
  type WriteCondition,
} from "./guard.ts";
export { safeCause } from "./safe-cause.ts";
