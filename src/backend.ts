/**
 * The parts that stores, decorators and formats are made of. An application needs none of them.
 *
 * @packageDocumentation
 */

export type { Call } from "./backend/call.ts";
export {
  checkClock,
  checkCount,
  checkMethods,
  checkOptionNames,
  isId,
  MAX_BYTES,
  MAX_DELAY_MS,
  MAX_TTL_SECONDS,
} from "./backend/checks.ts";
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
} from "./backend/guarded-handler.ts";
export { safeCause } from "./backend/safe-cause.ts";
export { scheduleDeadline } from "./clock.ts";
export {
  type ConnectionMethod,
  type Decorated,
  type DecoratorHooks,
  decorateHandler,
  type ListingMethod,
} from "./decorators/decorate.ts";
export type { Operation } from "./decorators/operation.ts";
export { errorWithOutcome } from "./errors.ts";
export type { Cancellation, CancelSource } from "./handler.ts";
