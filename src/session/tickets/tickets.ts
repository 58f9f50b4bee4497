import type { OperationOptions } from "../../handler.ts";
import type { Session } from "../session.ts";

/**
 * The options of {@link SessionTickets.issue}.
 *
 * @public
 */
export interface IssueTicketOptions extends OperationOptions {
  /**
   * The time after which the ticket expires, in whole seconds from 1 to 300.
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
   * Does not notify subscribers if the ticket is invalid. It is for callers that report it by other means.
   *
   * @defaultValue `false`
   */
  readonly silent?: boolean | undefined;
}

/**
 * Tickets lead to a session once, within seconds: a native app or a page of another origin presents one instead of a
 * cookie.
 *
 * @public
 */
export interface SessionTickets<Attributes extends object = Record<string, unknown>> {
  /**
   * Issues a ticket for a session: 43 characters of base64url, which a URL, a header and a sub-protocol can carry.
   * Whoever has the ticket can open the session once, so give it only to the owner of the session.
   *
   * @param session - A `Session`, or `req.session` of express-session, which may be about to be stored for the first
   * time.
   *
   * @remarks
   * Rejects with code `gone` for a `Session` that was never saved or has ended, with `read-only` for one that was
   * opened by an id in its grace period, and with the store's error if it fails; in each case, nobody knows the ticket.
   */
  issue(session: { readonly id: string }, options?: IssueTicketOptions): Promise<string>;
  /**
   * Redeems a ticket and returns its session. The ticket is invalid from then on. Returns `undefined` for a ticket that
   * was redeemed before, has expired or never existed, and for one whose session has ended or continues under another
   * id.
   *
   * @remarks
   * If several callers redeem one ticket, in any processes, at most one gets the session. If it rejects with outcome
   * `not-applied`, the ticket remains valid; with `unknown`, its state is unknown and a new ticket is needed.
   */
  redeem(ticket: string, options?: RedeemTicketOptions): Promise<Session<Attributes> | undefined>;
}
