import type { SessionChannel } from "../channel/channel.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { SessionCookie } from "../cookie/cookie.ts";
import type { SessionCookieOptions } from "../cookie/cookie-options.ts";
import type { SessionFormat } from "../formats/format.ts";
import { nativeFormat } from "../formats/native.ts";
import type { OperationOptions, SessionHandler } from "../handler.ts";
import type { SessionDraft } from "./draft/session-draft.ts";
import type { SessionEvent } from "./events/session-event.ts";
import type { SessionWrite } from "./events/session-writes.ts";
import type { SessionSchema } from "./schema/schema.ts";
import type { OnInvalid } from "./schema/stored-attributes.ts";
import type { Session } from "./session.ts";
import type { SessionTickets } from "./tickets/tickets.ts";
import type { SessionUsersOptions } from "./users/options.ts";
import type { UserSessions } from "./users/user-sessions.ts";

/**
 * The options of {@link createSessionManager}.
 *
 * @public
 */
export interface SessionManagerOptions<Attributes extends object = Record<string, unknown>> {
  /** The store of the sessions. It belongs to the manager, which closes it. */
  readonly handler: SessionHandler;
  /**
   * The format in which sessions are stored.
   *
   * @defaultValue {@link nativeFormat}
   */
  readonly format?: SessionFormat | undefined;
  /**
   * Maximum time without use, after which a session ends, in whole seconds up to 2^31 - 1. It may not exceed the
   * lifetime, unless the lifetime is set as well.
   *
   * @defaultValue that of the format: 1800 (30 min) in the native one, 86,400 (one day) in that of express-session
   */
  readonly idleTimeoutSeconds?: number | undefined;
  /**
   * Maximum age, after which a session ends however much it is used, in whole seconds up to 2^31 - 1. `Infinity`: no
   * limit.
   *
   * @defaultValue that of the format: 43,200 (12 h) in the native one; none in that of express-session, which cannot
   * have one
   */
  readonly lifetimeSeconds?: number | undefined;
  /**
   * Minimum interval between keep-alives that take a round trip of their own, in seconds. A session with a time to live
   * of less than ten times this interval is kept alive whenever a tenth of its time has passed. 0: each time.
   *
   * @defaultValue 60
   */
  readonly touchEverySeconds?: number | undefined;
  /**
   * Maximum number of times a change is repeated because another writer was faster, before it fails with code
   * `conflict`. Each repetition is one round trip, and means that another writer succeeded. The limit is hardly ever
   * reached: from the second conflict in a row, managers take turns. With 4 processes of 16 writers each changing one
   * session on Redis, a change runs once (median) or 1 to 3 times (99th percentile); without turns, 11 to 28 times.
   *
   * @defaultValue 1000
   */
  readonly maxConflicts?: number | undefined;
  /**
   * Maximum total size of the sessions kept decoded, in bytes. Stored data is still read each time, but not decoded
   * again while it is unchanged. The most recently used sessions are kept, from the second read on. A session counts
   * with its stored size and 512 more bytes; its decoded form takes about three times as much memory. A session larger
   * than an eighth of the maximum is not kept. 0: none is kept.
   *
   * @defaultValue 16,777,216 (16 MiB), for which up to 45 MB of memory are used
   */
  readonly cacheBytes?: number | undefined;
  /**
   * Informs the managers of other processes of events on sessions here, and this one of events there. It belongs to the
   * manager, which closes it. If there are several channels, all are used; they need the same secret.
   */
  readonly channel?: SessionChannel | readonly SessionChannel[] | undefined;
  /**
   * Identifies the users of sessions, so that a user's sessions can be listed, ended and limited: see
   * {@link SessionManager.ofUser}.
   *
   * @defaultValue none: users are not identified, and nothing is stored about them
   */
  readonly users?: SessionUsersOptions<Attributes> | undefined;
  /**
   * The schema of the attributes: an object schema of zod, valibot, arktype or another library that implements Standard
   * Schema. The types of attributes are inferred from it. A value is checked when it is set, and all attributes together
   * before they are stored, also when changes are repeated on newer content; what the schema returns is stored. If it
   * refuses them, `set`, `update` and `save` fail with code `invalid`.
   *
   * @defaultValue none: any attributes of plain data
   */
  readonly schema?: SessionSchema<Attributes> | undefined;
  /**
   * Also checks stored attributes when a session is read, and says what becomes of those that the schema refuses. The
   * store keeps them until they are changed.
   *
   * @defaultValue none: stored attributes are not checked
   */
  readonly onInvalid?: OnInvalid | undefined;
  /** The options of {@link SessionManager.cookie}. */
  readonly cookie?: SessionCookieOptions | undefined;
  /**
   * The source of the time.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * The options of {@link SessionManager.open}.
 *
 * @public
 */
export interface OpenOptions extends OperationOptions {
  /**
   * Restarts the time to live.
   *
   * @defaultValue `true`
   */
  readonly keepAlive?: boolean | undefined;
  /**
   * Does not notify subscribers if there is no such session. It is for lookups that no client has caused.
   *
   * @defaultValue `false`
   */
  readonly silent?: boolean | undefined;
}

/**
 * The options of {@link SessionManager.create}.
 *
 * @public
 */
export interface CreateOptions {
  /** An id chosen elsewhere, for instance by express-session; only for formats that accept foreign ids. */
  readonly id?: string | undefined;
}

/**
 * The options of {@link SessionManager.destroy}.
 *
 * @public
 */
export interface EndOptions extends OperationOptions {
  /**
   * The id under which the user continues with an empty session, as with `req.session.regenerate` of express-session.
   * Subscribers are notified by a `regenerated` event.
   */
  readonly successor?: string | undefined;
}

/**
 * The sessions of an application: opens, creates, updates and ends them by id.
 *
 * @public
 */
export interface SessionManager<Attributes extends object = Record<string, unknown>> extends AsyncDisposable {
  /** The store of the sessions. */
  readonly handler: SessionHandler;
  /** The format in which sessions are stored. */
  readonly format: SessionFormat;
  /** The cookie that gives ids to browsers and finds them in requests. */
  readonly cookie: SessionCookie;
  /** Tickets that lead to a session once, where no cookie is possible. */
  readonly tickets: SessionTickets<Attributes>;

  /** Creates a session with a new id. It is not stored until something is set and saved. */
  create(options?: CreateOptions): Promise<Session<Attributes>>;
  /**
   * Opens a session. Returns `undefined` if there is none (any more), or if this cannot be an id. Restarts the time to
   * live, in the same round trip if the format allows it.
   */
  open(id: string, options?: OpenOptions): Promise<Session<Attributes> | undefined>;
  /**
   * Changes a session: opens it, runs `change` and saves it, and repeats this if another writer was faster. Resolves
   * with the result of `change` in the run that was stored. For an id without a session, it rejects with code `gone`.
   *
   * @remarks
   * - `change` must be synchronous and may run again, so it should change nothing but the draft. Returning a promise is
   *   a `TypeError`. If it throws, nothing is changed, and the promise rejects with that error.
   * - Concurrent updates of one session share their reads and writes, in call order. One that throws, is too large or
   *   is aborted fails alone. An update of the same session within `change` rejects.
   * - It also rejects with `gone` for a session that was never saved and for an id in its grace period, with `conflict`
   *   if others were faster more often than `maxConflicts`, and with `outcome: "unknown"` if the store does not say
   *   whether the change was made.
   */
  update<Result>(
    id: string,
    change: (draft: SessionDraft<Attributes>) => Result,
    options?: OperationOptions,
  ): Promise<Result>;
  /** Ends a session, for everyone. Ending one that does not exist resolves. */
  destroy(id: string, options?: EndOptions): Promise<void>;
  /**
   * Returns the sessions of a user, identified as by `idOf` of {@link SessionManagerOptions.users}. Throws a
   * `TypeError` without that option.
   */
  ofUser(userId: string | number): UserSessions;
  /**
   * Listens to events on sessions in this process and, with a channel, in others. Returns a function that ends the
   * subscription. Errors thrown by a listener are ignored.
   */
  subscribe(listener: (event: SessionEvent) => void): () => void;
  /**
   * Listens to the writes of changes in this process, for metrics: how many changes share a write, and how often others
   * were faster. Returns a function that ends the subscription. An error thrown by a listener is logged by
   * `console.error`.
   */
  subscribeToWrites(listener: (write: SessionWrite) => void): () => void;
  /**
   * Returns the hash by which events from elsewhere name the session under a handler's key: an HMAC, also suitable for
   * logs.
   */
  hashOf(key: string): string;
  /**
   * Closes gracefully: accepts no new calls, waits for the running ones (until none of them has ended for 10 s), then
   * closes the handler and the channel.
   */
  close(): Promise<void>;
}
