import type { SessionChannel } from "../channel/channel.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { SessionCookie, SessionCookieOptions } from "../cookie/cookie.ts";
import type { SessionFormat } from "../formats/format.ts";
import { nativeFormat } from "../formats/native.ts";
import type { OperationOptions, SessionHandler } from "../handler.ts";
import type { Session } from "./session.ts";
import type { SessionDraft } from "./session-draft.ts";
import type { SessionEvent } from "./session-event.ts";
import type { SessionTickets } from "./tickets/tickets.ts";
import type { SessionUsersOptions } from "./users/options.ts";
import type { UserSessions } from "./users/user-sessions.ts";

/**
 * The options of {@link createSessionManager}.
 *
 * @public
 */
export interface SessionManagerOptions<Attributes extends object = Record<string, unknown>> {
  /** Where the sessions are kept. It belongs to the manager, which closes it. */
  readonly handler: SessionHandler;
  /**
   * How they are laid down there.
   *
   * @defaultValue {@link nativeFormat}
   */
  readonly format?: SessionFormat | undefined;
  /**
   * Ends a session that has not been used for so long; whole seconds up to 2^31 - 1, and no more than the lifetime, unless that
   * is set as well.
   *
   * @defaultValue that of the format: 1800 (30 min) in the native one, 86,400 (a day) in that of express-session
   */
  readonly idleTimeoutSeconds?: number | undefined;
  /**
   * Ends a session so long after its creation, however much it is used; whole seconds up to 2^31 - 1. `Infinity`: never.
   *
   * @defaultValue that of the format: 43,200 (12 h) in the native one; that of express-session does not know of any
   */
  readonly lifetimeSeconds?: number | undefined;
  /**
   * Where keeping a session alive takes a round trip of its own, it is done at most so often; in seconds. Of a session that lives
   * shorter than ten times as long, it is done whenever a tenth of its time has passed. 0: each time.
   *
   * @defaultValue 60
   */
  readonly touchEverySeconds?: number | undefined;
  /**
   * How often a change is made again when somebody else was faster each time, before it is given up with code `conflict`. Each
   * time is one round trip, and somebody else's success. It hardly ever comes to that: from the second conflict in a row, managers
   * take turns. Where 4 processes with 16 writers each change one session on Redis, a change is made once (median) and
   * 1 to 3 times (99th percentile); without turns, 11 to 28 times.
   *
   * @defaultValue 1000
   */
  readonly maxConflicts?: number | undefined;
  /**
   * The most bytes of sessions that stay decoded, of those used last: what is stored is still read each time, and not decoded again
   * while it is the same. A session that is read once does not stay. They are counted as they are stored, and 512 more for each session; what they take of the memory is
   * about three times as much. A session above an eighth of it does not stay. 0: none does.
   *
   * @defaultValue 16,777,216 (16 MiB), for which up to 45 MB of memory are taken
   */
  readonly cacheBytes?: number | undefined;
  /**
   * Tells the managers of other processes what happens to sessions here, and this one what happens there. Like the handler, it belongs
   * to the manager, which closes it. Of several, each is told and heard; they need the same secret.
   */
  readonly channel?: SessionChannel | readonly SessionChannel[] | undefined;
  /**
   * Says whose sessions they are, so that a user's can be listed, ended and limited: see {@link SessionManager.ofUser}.
   *
   * @defaultValue nobody asks, and nothing is kept about users
   */
  readonly users?: SessionUsersOptions<Attributes> | undefined;
  /** The cookie of {@link SessionManager.cookie}. */
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
   * Whether to restart the time to live.
   *
   * @defaultValue `true`
   */
  readonly keepAlive?: boolean | undefined;
  /**
   * Tells subscribers nothing when there is no such session. For whoever looks although no client has come.
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
  /** An id that was chosen elsewhere, by express-session for instance; for formats that adopt ids. */
  readonly id?: string | undefined;
}

/**
 * The options of {@link SessionManager.destroy}.
 *
 * @public
 */
export interface EndOptions extends OperationOptions {
  /**
   * The id under which its user goes on, in a session that begins empty, as `req.session.regenerate` of express-session has
   * it. Subscribers hear of it as `regenerated`.
   */
  readonly successor?: string | undefined;
}

/**
 * The sessions of an application: opens, creates, updates and ends them by id.
 *
 * @public
 */
export interface SessionManager<Attributes extends object = Record<string, unknown>> extends AsyncDisposable {
  /** Where the sessions are kept. */
  readonly handler: SessionHandler;
  /** How they are laid down there. */
  readonly format: SessionFormat;
  /** Hands ids to browsers and finds them in requests. */
  readonly cookie: SessionCookie;
  /** Lead to a session once, where there can be no cookie. */
  readonly tickets: SessionTickets<Attributes>;

  /** A new session under a fresh id. Nothing is stored until something is set and saved. */
  create(options?: CreateOptions): Promise<Session<Attributes>>;
  /**
   * The session, or `undefined`: there is none (any more), or this cannot be an id. Restarts its time to live, in the same
   * round trip where the format allows that.
   */
  open(id: string, options?: OpenOptions): Promise<Session<Attributes> | undefined>;
  /**
   * Changes a session: opens it, runs `change`, saves; and again, when somebody else was faster. Resolves with what `change`
   * returned in the run that counts. For an id without a session it rejects with code `gone`.
   *
   * @remarks
   * - `change` must be synchronous, and may run again: nothing but the draft should be changed by it. Returning a promise is a
   *   `TypeError`. When it throws, nothing is changed, and the promise rejects with just that.
   * - Updates of one session at the same time share their reads and writes, in call order. One that throws, is too large or is
   *   aborted fails alone. An update within `change` of the same session rejects.
   * - It rejects with `gone` as well for a session that was never saved, and for an id in its grace time, with `conflict` when
   *   others were faster more often than `maxConflicts`, and with `outcome: "unknown"` when the store does not say whether the
   *   change was made.
   */
  update<Result>(
    id: string,
    change: (draft: SessionDraft<Attributes>) => Result,
    options?: OperationOptions,
  ): Promise<Result>;
  /** Ends a session, for everybody. Ending one that is not there resolves. */
  destroy(id: string, options?: EndOptions): Promise<void>;
  /** The sessions of a user, as `idOf` of {@link SessionManagerOptions.users} names the user. A `TypeError` without that option. */
  ofUser(userId: string | number): UserSessions;
  /**
   * Hears what happens to sessions in this process, and with a channel in the others, until the function it returns is called. What a
   * listener throws is ignored.
   */
  subscribe(listener: (event: SessionEvent) => void): () => void;
  /** The hash by which events from elsewhere name the session under a key of the handler: an HMAC, for logs as well. */
  hashOf(key: string): string;
  /**
   * Ends gracefully: takes nothing new, waits for what is under way (until nothing of it has ended for 10 s), closes the handler and
   * the channel.
   */
  close(): Promise<void>;
}
