export type { Call } from "./backend/call.ts";
export {
  createGuardedHandler,
  type GuardedHandler,
  type GuardedHandlerOptions,
  type HandlerOptions,
  type KeyPage,
  type ListingSessionBackend,
  type MaybePromise,
  type NetworkedSessionBackend,
  type SessionBackend,
  type WriteCondition,
} from "./backend/guarded-handler.ts";
export { safeCause } from "./backend/safe-cause.ts";
export { type Clock, scheduleDeadline, systemClock } from "./clock.ts";
export { type ConnectionCheckOptions, withConnectionCheck } from "./decorators/connection-check.ts";
export type { ConnectionMethod, Decorated, ListingMethod } from "./decorators/decorate.ts";
export { type Migrated, type MigrationOptions, withMigration } from "./decorators/migration.ts";
export { type TimeoutOptions, withTimeout } from "./decorators/timeout.ts";
export {
  errorWithOutcome,
  isSessionError,
  type Outcome,
  SessionError,
  type SessionErrorCode,
  type SessionErrorOptions,
} from "./errors.ts";
export { type ExpressFormatOptions, expressFormat } from "./formats/express.ts";
export type { SessionFormat, SessionLimits } from "./formats/format.ts";
export { nativeFormat } from "./formats/native.ts";
export type {
  Cancellation,
  CancelSource,
  ConnectionOptions,
  DestroyOptions,
  DestroyResult,
  ListingSessionHandler,
  ListOptions,
  NetworkedSessionHandler,
  OperationOptions,
  ReadOptions,
  SessionHandler,
  SessionPage,
  StoredSession,
  Version,
  WriteOptions,
  WriteResult,
} from "./handler.ts";
export type { CookieReader, SessionCookie, SessionCookieOptions } from "./session/cookie.ts";
export type { AttributeName, ReadOnly, SessionDraft, SessionFlashes, SessionMetadata } from "./session/draft.ts";
export type { SessionEvent } from "./session/events.ts";
export { type ExpressCookieOptions, expressCookie } from "./session/express-cookie.ts";
export type { Json } from "./session/json.ts";
export {
  type CreateOptions,
  createSessionManager,
  type EndOptions,
  type OpenOptions,
  type SessionManager,
  type SessionManagerOptions,
} from "./session/manager.ts";
export type { FlashEntry, Forward, SessionRecord } from "./session/record.ts";
export type { RegenerateOptions, Session } from "./session/session.ts";
export type { Secret, SecretKey } from "./session/signature.ts";
