export type { Call } from "./call.ts";
export { type Clock, systemClock } from "./clock.ts";
export { type ConnectionCheckOptions, withConnectionCheck } from "./connection-check.ts";
export type { ConnectionMethod, Decorated } from "./decorate.ts";
export {
  isSessionError,
  type Outcome,
  SessionError,
  type SessionErrorCode,
  type SessionErrorOptions,
} from "./errors.ts";
export {
  createGuardedHandler,
  type GuardedHandler,
  type GuardedHandlerOptions,
  type HandlerOptions,
  type MaybePromise,
  type NetworkedSessionBackend,
  type SessionBackend,
  type WriteCondition,
} from "./guard.ts";
export type {
  ConnectionOptions,
  DestroyOptions,
  DestroyResult,
  NetworkedSessionHandler,
  OperationOptions,
  ReadOptions,
  SessionHandler,
  StoredSession,
  Version,
  WriteOptions,
  WriteResult,
} from "./handler.ts";
export { type TimeoutOptions, withTimeout } from "./timeout.ts";
