/**
 * The building blocks of stores, decorators and formats. Applications do not need them.
 *
 * @packageDocumentation
 */

export type { Call } from "./backend/call.ts";
export { isId } from "./backend/call-checks.ts";
export { CancellableWaits } from "./backend/cancellable-waits.ts";
export {
  checkClock,
  checkCount,
  checkMethods,
  checkOptionNames,
  MAX_BYTES,
  MAX_DELAY_MS,
  MAX_TTL_SECONDS,
} from "./backend/checks.ts";
export {
  createGuardedHandler,
  type GuardedHandler,
  type GuardedHandlerOptions,
} from "./backend/guarded-handler.ts";
export { safeCause } from "./backend/safe-cause.ts";
export type {
  KeyPage,
  ListingSessionBackend,
  MaybePromise,
  NetworkedSessionBackend,
  SessionBackend,
  WriteCondition,
} from "./backend/session-backend.ts";
export { SharedWait } from "./backend/shared-wait.ts";
export { toBase64Url } from "./base64.ts";
export { decodeMessage, encodeMessage } from "./channel/message.ts";
export { scheduleDeadline } from "./clock.ts";
export { createCookieReader } from "./cookie/cookie-reader.ts";
export { deflateRaw, inflate, inflateRaw } from "./decorators/compression/deflate.ts";
export {
  type ConnectionMethod,
  type Decorated,
  decorateHandler,
  type ListingMethod,
} from "./decorators/decorate.ts";
export type { DecoratorHooks, KeyHooks, OperationObserver } from "./decorators/hooks.ts";
export type { Operation } from "./decorators/operation.ts";
export { errorWithOutcome, type SessionErrorOptions } from "./errors.ts";
export { createFlashEntry, flashesFromJson, flashesToJson } from "./formats/flashes.ts";
export type { SessionFormat, SessionLimits } from "./formats/format.ts";
export { isJsonObject, type Json, type JsonObject } from "./formats/json.ts";
export { checkedJson, corrupt, encodeJson, parseJson } from "./formats/json-bytes.ts";
export { isOpaqueValue, type OpaqueValue, opaqueBytes } from "./formats/opaque-value.ts";
export type { FlashEntry, Forward, SessionRecord } from "./formats/record.ts";
export { paddedBlocks, sha256 } from "./formats/sha256.ts";
export {
  type Cancellation,
  type CancelSource,
  type ConnectionOptions,
  canList,
  type DestroyOptions,
  type ListOptions,
  type ReadOptions,
  type SessionPage,
  type WriteOptions,
} from "./handler.ts";
export { randomText } from "./random.ts";
export { clockOf } from "./session/clock-of.ts";
export { type BasicSessionManagerOptions, createBasicSessionManager } from "./session/create-basic-manager.ts";
export { recordOf } from "./session/draft/record-of.ts";
