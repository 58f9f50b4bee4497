/**
 * Sessions, formats, decorators, and the contract of a store: all that an application needs.
 *
 * @packageDocumentation
 */

export type { HandlerOptions } from "./backend/guarded-handler.ts";
export type { SessionChannel, SessionChannelListener } from "./channel/channel.ts";
export type { SessionMessage } from "./channel/message.ts";
export { type Clock, systemClock } from "./clock.ts";
export type { CookieReader, SessionCookie } from "./cookie/cookie.ts";
export type { SessionCookieOptions } from "./cookie/cookie-options.ts";
export { type ExpressCookieOptions, expressCookie } from "./cookie/express-cookie.ts";
export type { Secret, SecretKey } from "./cookie/signature.ts";
export { type CompressionOptions, withCompression } from "./decorators/compression.ts";
export { type ConnectionCheckOptions, withConnectionCheck } from "./decorators/connection-check.ts";
export type { Decorated } from "./decorators/decorate.ts";
export type { DerivableKey, EncryptionKey, KeyMaterial, KeyOf } from "./decorators/encryption/key-ring.ts";
export type { Reencryption, TtlSecondsOf } from "./decorators/encryption/reencryption.ts";
export { type RotateOptions, type RotationProgress, rotate } from "./decorators/encryption/rotate.ts";
export { type Encrypted, type EncryptionOptions, withEncryption } from "./decorators/encryption.ts";
export { type HashedKeysOptions, withHashedKeys } from "./decorators/hashed-keys.ts";
export { type Migrated, type MigrationOptions, withMigration } from "./decorators/migration.ts";
export type { CallObserver, SessionObserver } from "./decorators/observation.ts";
export type { CallResult, ObservedCall } from "./decorators/observed-call.ts";
export { type ObserverOptions, withObserver } from "./decorators/observer.ts";
export type { ExecutionPolicy } from "./decorators/policy/execution-policy.ts";
export { withPolicy } from "./decorators/policy.ts";
export { type RetryOptions, withRetry } from "./decorators/retry.ts";
export { type TimeoutOptions, withTimeout } from "./decorators/timeout.ts";
export { isSessionError, type Outcome, SessionError, type SessionErrorCode } from "./errors.ts";
export { type ExpressFormatOptions, expressFormat } from "./formats/express.ts";
export type { Json } from "./formats/json.ts";
export { nativeFormat } from "./formats/native.ts";
export type { OpaqueValue } from "./formats/opaque-value.ts";
export type {
  DestroyResult,
  ListingSessionHandler,
  NetworkedSessionHandler,
  OperationOptions,
  SessionHandler,
  StoredSession,
  Version,
  WriteResult,
} from "./handler.ts";
export { type AuditEntry, auditEntryOf } from "./session/audit-entry.ts";
export { createSessionManager } from "./session/create-manager.ts";
export type {
  AttributeName,
  ReadOnly,
  SessionDraft,
  SessionFlashes,
  SessionMetadata,
  SetOptions,
} from "./session/draft/session-draft.ts";
export type { SessionEvent } from "./session/events/session-event.ts";
export type { SessionWrite } from "./session/events/session-writes.ts";
export type {
  CreateOptions,
  EndOptions,
  OpenOptions,
  SessionManager,
  SessionManagerOptions,
} from "./session/manager.ts";
export type { SchemaIssue, SchemaResult, SessionSchema } from "./session/schema/schema.ts";
export type { OnInvalid } from "./session/schema/stored-attributes.ts";
export type { RegenerateOptions, Session } from "./session/session.ts";
export type { IssueTicketOptions, RedeemTicketOptions, SessionTickets } from "./session/tickets/tickets.ts";
export { ttlSecondsOf } from "./session/ttl-seconds-of.ts";
export type { SessionContent, SessionUsersOptions } from "./session/users/options.ts";
export type {
  EndUserSessionsOptions,
  ListUserSessionsOptions,
  UserSession,
  UserSessions,
} from "./session/users/user-sessions.ts";
