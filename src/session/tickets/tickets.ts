import type { RunningCall } from "../../backend/call.ts";
import { checkCount, checkOptionNames, checkSignal } from "../../backend/checks.ts";
import { fillInOutcome, replaceOutcome } from "../../errors.ts";
import type { SessionFormat } from "../../formats/format.ts";
import type { OperationOptions, SessionHandler } from "../../handler.ts";
import type { SessionCalls } from "../calls.ts";
import { readOnlyError } from "../draft.ts";
import { goneError } from "../failures.ts";
import { isDraft } from "../record-of.ts";
import type { Session } from "../session.ts";
import { createTicket, isTicket, keyOfTicket, openRecord, sealRecord, TICKET_PREFIX } from "./ticket-record.ts";

/**
 * The options of {@link SessionTickets.issue}.
 *
 * @public
 */
export interface IssueTicketOptions extends OperationOptions {
  /**
   * How long the ticket is good; whole seconds from 1 to 300.
   *
   * @defaultValue 30
   */
  readonly ttlSeconds?: number | undefined;
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
   * Rejects with code `gone` for a `Session` that was never saved or has ended, with `read_only` for one that was opened by an id in its
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
  redeem(ticket: string, options?: OperationOptions): Promise<Session<Attributes> | undefined>;
}

/** The parts of a manager that tickets are made of. */
interface TicketContext {
  readonly handler: SessionHandler;
  readonly format: SessionFormat;
  readonly calls: SessionCalls;
  open(id: string, options: OperationOptions): Promise<Session | undefined>;
}

const MAX_TTL_SECONDS = 300;

/** Keeps one record for each ticket, beside the sessions. */
export function createTickets({ handler, format, calls, open }: TicketContext): SessionTickets {
  const namespace = format.keyPrefix;

  async function issue(id: string, ttlSeconds: number): Promise<string> {
    const ticket = createTicket();
    // Nobody else can have written under a key of chance that was made just now, so that there is nothing to compare.
    await handler
      .write(keyOfTicket(namespace, ticket), sealRecord(namespace, ticket, id), { replaces: undefined, ttlSeconds })
      .catch((error) => Promise.reject(replaceOutcome(error, "not-applied"))); // nobody has been told of a ticket
    return ticket;
  }

  /** Resolves to the id of the session for one caller: whose destroy has removed just what was read. */
  async function spend(ticket: string, call: RunningCall): Promise<string | undefined> {
    const key = keyOfTicket(namespace, ticket);
    const stored = await handler.read(key).catch((error) => Promise.reject(fillInOutcome(error, "not-applied")));
    if (stored === undefined || call.ended) return undefined;
    const id = openRecord(namespace, ticket, stored.data);
    call.sent = true;
    // Where the reply is lost, it rejects: a second look could not tell whether it was this caller's.
    const { destroyed } = await handler.destroy(key, { replaces: stored.version });
    return destroyed ? id : undefined;
  }

  return {
    async issue(session, options = {}) {
      checkOptionNames("issue", options, ["ttlSeconds", "signal"]);
      checkSignal(options.signal);
      const { ttlSeconds = 30, signal } = options;
      checkCount("ttlSeconds of a ticket", ttlSeconds, 1, MAX_TTL_SECONDS);
      checkNamespace(namespace);
      const id = idOf(session, format);
      return calls.run(signal, () => issue(id, ttlSeconds));
    },
    async redeem(ticket, options = {}) {
      checkOptionNames("redeem", options, ["signal"]);
      checkSignal(options.signal);
      checkNamespace(namespace);
      if (!isTicket(ticket)) return undefined; // a forged one is no error
      const id = await calls.run(options.signal, (call) => spend(ticket, call));
      if (id === undefined) return undefined;
      const session = await open(id, options).catch((error) => Promise.reject(replaceOutcome(error, "unknown")));
      return session?.isReadOnly ? undefined : session; // the ticket was for an id that has been given up
    },
  };
}

/** Where whoever chooses ids could choose the key of a ticket, there can be none. */
function checkNamespace(namespace: string): void {
  if (!TICKET_PREFIX.startsWith(namespace) && !namespace.startsWith(TICKET_PREFIX)) return;
  throw new TypeError(`The keys of tickets begin with "${TICKET_PREFIX}": those of sessions need another prefix.`);
}

function idOf(session: { readonly id: string }, format: SessionFormat): string {
  if (typeof session !== "object" || session === null || typeof session.id !== "string" || !format.isId(session.id)) {
    throw new TypeError("issue needs a session of this format.");
  }
  if (isDraft(session)) {
    const { isReadOnly, isNew, hasEnded }: Partial<Session> = session;
    if (isReadOnly) throw readOnlyError();
    if (isNew || hasEnded) throw goneError();
  }
  return session.id;
}
