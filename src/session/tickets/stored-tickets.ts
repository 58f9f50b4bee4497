import type { RunningCall } from "../../backend/call.ts";
import { checkCount, checkOptionNames, checkSignal } from "../../backend/checks.ts";
import { fillInOutcome, replaceOutcome } from "../../errors.ts";
import type { SessionFormat } from "../../formats/format.ts";
import type { OperationOptions, SessionHandler } from "../../handler.ts";
import { readOnlyError } from "../draft/draft.ts";
import { isDraft } from "../draft/record-of.ts";
import type { SessionEvents } from "../events/session-events.ts";
import { tellRefusal } from "../events/tell-refusal.ts";
import { goneError } from "../failures.ts";
import type { Session } from "../session.ts";
import type { SessionCalls } from "../session-calls.ts";
import { createTicket, isTicket, keyOfTicket, openRecord, sealRecord, TICKET_PREFIX } from "./ticket-record.ts";
import type { IssueTicketOptions, RedeemTicketOptions, SessionTickets } from "./tickets.ts";

/** The parts of a manager that tickets need. */
interface TicketContext {
  readonly handler: SessionHandler;
  readonly format: SessionFormat;
  readonly calls: SessionCalls;
  readonly events: SessionEvents;
  open(id: string, options: OperationOptions & { readonly silent: true }): Promise<Session | undefined>;
}

const MAX_TTL_SECONDS = 300;

/** Stores one record for each ticket, beside the sessions. */
export class StoredTickets implements SessionTickets {
  readonly #context: TicketContext;
  readonly #namespace: string;

  constructor(context: TicketContext) {
    this.#context = context;
    this.#namespace = context.format.keyPrefix;
  }

  async issue(session: { readonly id: string }, options: IssueTicketOptions = {}): Promise<string> {
    checkOptionNames("issue", options, ["ttlSeconds", "signal"]);
    checkSignal(options.signal);
    const { ttlSeconds = 30, signal } = options;
    checkCount("ttlSeconds of a ticket", ttlSeconds, 1, MAX_TTL_SECONDS);
    checkNamespace(this.#namespace);
    const { calls, format } = this.#context;
    const id = idOf(session, format);
    return calls.run(signal, () => this.#store(id, ttlSeconds));
  }

  async redeem(ticket: string, options: RedeemTicketOptions = {}): Promise<Session | undefined> {
    checkOptionNames("redeem", options, ["silent", "signal"]);
    checkSignal(options.signal);
    checkNamespace(this.#namespace);
    const redeeming = this.#redeem(ticket, options.signal);
    return options.silent ? redeeming : tellRefusal(this.#context.events, { reason: "bad-ticket" }, redeeming);
  }

  /**
   * Stores a ticket. The key is new and random, so nobody else can have written under it and there is nothing to
   * compare.
   */
  async #store(id: string, ttlSeconds: number): Promise<string> {
    const ticket = createTicket();
    const data = sealRecord(this.#namespace, ticket, id);
    await this.#context.handler
      .write(keyOfTicket(this.#namespace, ticket), data, { replaces: undefined, ttlSeconds })
      .catch((error) => Promise.reject(replaceOutcome(error, "not-applied"))); // nobody knows the ticket
    return ticket;
  }

  async #redeem(ticket: string, signal: AbortSignal | undefined): Promise<Session | undefined> {
    if (!isTicket(ticket)) return undefined; // a forged ticket is not an error
    const { calls, open } = this.#context;
    const id = await calls.run(signal, (call) => this.#spend(ticket, call));
    if (id === undefined) return undefined;
    const opening = open(id, { silent: true, signal });
    const session = await opening.catch((error) => Promise.reject(replaceOutcome(error, "unknown")));
    return session?.isReadOnly ? undefined : session; // the ticket was issued for an id that has been given up
  }

  /** Returns the id of the session to a single caller: the one whose destroy removed exactly what it had read. */
  async #spend(ticket: string, call: RunningCall): Promise<string | undefined> {
    const { handler } = this.#context;
    const key = keyOfTicket(this.#namespace, ticket);
    const stored = await handler.read(key).catch((error) => Promise.reject(fillInOutcome(error, "not-applied")));
    if (stored === undefined || call.ended) return undefined;
    const id = openRecord(this.#namespace, ticket, stored.data);
    call.sent = true;
    // If the reply is lost, it rejects: a second read could not tell if this caller removed the record.
    const { destroyed } = await handler.destroy(key, { replaces: stored.version });
    return destroyed ? id : undefined;
  }
}

/** Refuses a format that lets its ids form the key of a ticket. */
function checkNamespace(namespace: string): void {
  if (!TICKET_PREFIX.startsWith(namespace) && !namespace.startsWith(TICKET_PREFIX)) return;
  throw new TypeError(`The keys of tickets begin with "${TICKET_PREFIX}", so those of sessions need another prefix.`);
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
