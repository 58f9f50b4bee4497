import type { OperationOptions } from "../../handler.ts";
import type { Session } from "../session.ts";

/**
 * The options of {@link SessionTickets.issue}.
 *
 * @public
 */
export interface IssueTicketOptions extends OperationOptions {
  /**
   * The ticket expires after this many seconds; whole seconds from 1 to 300.
   *
   * @defaultValue 30
   */
  readonly ttlSeconds?: number | undefined;
}

/**
 * The options of {@link SessionTickets.redeem}.
 *
 * @public
 */
export interface RedeemTicketOptions extends OperationOptions {
  /**
   * Tells subscribers nothing when the ticket leads nowhere. For whoever tells it by other means.
   *
   * @defaultValue `false`
   */
  readonly silent?: boolean | undefined;
}

/**
 * Tickets lead to a session once, and for seconds only: a native app or a page of another origin shows one in the place of a cookie.
 *
 * @public
 */
export interface SessionTickets<Attributes extends object = Record<string, unknown>> {
  /**
   * Makes a ticket for a session: 43 characters of base64url, which a URL, a header and a sub-protocol can carry. Whoever has it has the
   * session, once: hand it only to whom the session belongs to.
   *
   * @param session - A `Session`, or `req.session` of express-session, which may be about to be stored for the first time.
   *
   * @remarks
   * Rejects with code `gone` for a `Session` that was never saved or has ended, with `read-only` for one that was opened by an id in its
   * grace time, and with what the store says; then there is no ticket that anybody knows.
   */
  issue(session: { readonly id: string }, options?: IssueTicketOptions): Promise<string>;
  /**
   * The session of a ticket, which is good for nothing from then on; `undefined` for one that was redeemed before, is out of time or never
   * was, and for one whose session has ended or gone on under another id.
   *
   * @remarks
   * Of all who redeem one ticket, in whatever process, one at most gets the session. When it rejects with outcome `not-applied`,
   * the ticket is as good as before; with `unknown`, nobody can tell, and a new one is to be asked for.
   */
  redeem(ticket: string, options?: RedeemTicketOptions): Promise<Session<Attributes> | undefined>;
}
