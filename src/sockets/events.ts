/**
 * The reason for which a handshake was refused.
 *
 * - `bad-request` (400): an upgrade to another protocol, or not a valid handshake by RFC 6455.
 * - `origin` (403): the page may not connect.
 * - `no-cookie` (401): there is no cookie with the name.
 * - `bad-cookie` (401): no cookie with the name has a valid signature; they may have been signed with an old secret.
 * - `ambiguous-cookie` (401): several cookies have the name, and more than one leads to a session. One may have been
 *   planted.
 * - `bad-ticket` (401): the ticket was already used, has expired or never existed; or its session has ended, or
 *   continues under another id.
 * - `no-session` (401): the session has ended or never existed; with several cookies, each of their sessions.
 * - `old-id` (401): the session continues under another id, and the grace period of the old id is over. The cookie is
 *   an old copy, or stolen. (PHP manual, `session_regenerate_id`)
 * - `forbidden` (403): `authorize` has refused.
 * - `too-many` (429): the session has reached its maximum number of sockets.
 * - `unavailable`, `timeout` (503): the store has failed, or the deadline has passed.
 * - `closing` (503): the server is shutting down.
 * - `not-found` (404): nothing serves this path.
 * - `taken` (0): another listener of the server has answered in some way. It needs a path of its own.
 * - `declined` (0): the socket library has refused the handshake, for instance by `verifyClient` of ws, and chosen the
 *   status.
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
 * An event on sockets. `at` is in milliseconds since 1970. `session` names a session by a hash, which stays the same
 * until the session gets another id and does not lead back to the id. (OWASP ASVS 5.0, 16.2.1 and 16.2.5; Logging Cheat
 * Sheet)
 *
 * - `refused`: a handshake was refused, with this HTTP status.
 * - `opened`, `closed`: a socket was opened, or closed with this code.
 * - `ended`: a session with sockets has ended: it was destroyed here, was found to be gone, or was found to have
 *   another id elsewhere.
 * - `moved`: a session with sockets continues under another id.
 * - `failed`: a failure that need not concern anyone else: the store did not answer a check of a session, a client
 *   violated the protocol, an `open` or `change` of a {@link SocketSession} or an `onMessage` rejected, or the channel
 *   to other processes does not work.
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
