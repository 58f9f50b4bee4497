import { isSessionError, type SessionErrorCode } from "../errors.ts";
import type { SessionEvent } from "./events/session-event.ts";
import type { SessionManager } from "./manager.ts";

/**
 * An event on a session, for an audit log: without ids, keys and messages, and safe to write as JSON. (OWASP ASVS 5.0,
 * 16.2.1 and 16.2.5)
 *
 * @public
 */
export interface AuditEntry {
  /** The time in UTC, by ISO 8601: `2026-11-30T08:15:00.000Z`. */
  readonly time: string;
  /** The type of the {@link SessionEvent}. */
  readonly type: SessionEvent["type"];
  /** The place where it happened: this process, or another one. */
  readonly origin: SessionEvent["origin"];
  /** The reason why a session ended here or a client was refused. */
  readonly reason?: Extract<SessionEvent, { readonly reason: string }>["reason"];
  /** The hash of the session's key, as {@link SessionManager.hashOf} returns it. */
  readonly keyHash?: string;
  /** The hash of the key that the session had before. */
  readonly previousKeyHash?: string;
  /** The code of the error; `failed` for a foreign one. */
  readonly error?: SessionErrorCode;
}

/**
 * Turns an event into an entry for an audit log.
 *
 * @example
 * ```ts
 * sessions.subscribe((event) => console.log(JSON.stringify(auditEntryOf(event, sessions))));
 * ```
 *
 * @public
 */
export function auditEntryOf(event: SessionEvent, sessions: Pick<SessionManager, "hashOf">): AuditEntry {
  const keyHash = hashIn(event, sessions);
  const previousKeyHash = previousHashIn(event, sessions);
  return {
    time: new Date(event.at).toISOString(),
    type: event.type,
    origin: event.origin,
    ...("reason" in event && { reason: event.reason }),
    ...(keyHash !== undefined && { keyHash }),
    ...(previousKeyHash !== undefined && { previousKeyHash }),
    ...("error" in event && { error: isSessionError(event.error) ? event.error.code : "failed" }),
  };
}

function hashIn(event: SessionEvent, sessions: Pick<SessionManager, "hashOf">): string | undefined {
  if ("key" in event) return sessions.hashOf(event.key);
  return "keyHash" in event ? event.keyHash : undefined;
}

function previousHashIn(event: SessionEvent, sessions: Pick<SessionManager, "hashOf">): string | undefined {
  if (event.type !== "regenerated") return undefined;
  return event.origin === "here" ? sessions.hashOf(event.previousKey) : event.previousKeyHash;
}
