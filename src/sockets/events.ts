/**
 * Why a handshake was refused.
 *
 * - `bad-request` (400): an upgrade to something else, or one that RFC 6455 does not know.
 * - `origin` (403): from a page that may not connect.
 * - `no-cookie` (401): there is none of the name.
 * - `bad-cookie` (401): none of those of the name has a good signature; they may be signed by a secret of the past.
 * - `ambiguous-cookie` (401): there are several of the name, and more than one leads to a session. One of them may have been planted.
 * - `bad-ticket` (401): it was used before, is out of time or never was; or its session has ended, or gone on under another id.
 * - `no-session` (401): the session has ended, or never was; that of each, where there are several.
 * - `old-id` (401): its session has gone on under another id, and the grace time of the old one is over. A copy of an old cookie, or a
 *   thief's. (PHP manual, `session_regenerate_id`)
 * - `forbidden` (403): `authorize` has said so.
 * - `too-many` (429): the session has as many sockets as it may have.
 * - `unavailable`, `timeout` (503): the store has failed, or the time was up.
 * - `closing` (503): the server is about to end.
 * - `not-found` (404): nobody serves this path.
 * - `taken` (0): another listener of the server has answered, in whatever way. It needs a path of its own.
 * - `declined` (0): the library of the sockets has refused it by itself, by `verifyClient` of ws for instance; it has chosen the status.
 * - `error` (500): `authenticate`, `authorize` or the function of `allowedOrigins` has thrown.
 *
 * @public
 */
export type RefusalReason =
  | "bad-request"
  | "origin"
  | "no-cookie"
  | "bad-cookie"
  | "ambiguous-cookie"
  | "bad-ticket"
  | "no-session"
  | "old-id"
  | "forbidden"
  | "too-many"
  | "unavailable"
  | "timeout"
  | "closing"
  | "not-found"
  | "taken"
  | "declined"
  | "error";

/**
 * What happens to sockets. `at` is in milliseconds since 1970; `session` names a session by a hash, which stays the same until it
 * gets another id, and leads nobody to it. (OWASP ASVS 5.0, 16.2.1 and 16.2.5; Logging Cheat Sheet)
 *
 * - `refused`: a handshake, with this HTTP status.
 * - `opened`, `closed`: a socket, with the close code.
 * - `ended`: a session that had sockets; it was destroyed here, found to be gone, or found to have been given another id elsewhere.
 * - `moved`: a session with sockets goes on under another id.
 * - `failed`: something that need not concern anybody else: the store did not answer when a session was looked at, a client broke
 *   the protocol, an `open` or `update` of a {@link SocketSession} or an `onMessage` was rejected, or the channel to other processes does not work.
 *
 * @public
 */
export type SessionSocketEvent = { readonly at: number } & (
  | { readonly type: "refused"; readonly reason: RefusalReason; readonly status: number }
  | { readonly type: "opened"; readonly session: string }
  | { readonly type: "closed"; readonly session: string; readonly code: number }
  | {
      readonly type: "ended";
      readonly session: string;
      readonly reason: "destroyed" | "gone" | "moved";
      readonly sockets: number;
    }
  | { readonly type: "moved"; readonly session: string; readonly previousSession: string }
  | { readonly type: "failed"; readonly session: string | undefined; readonly error: unknown }
);
