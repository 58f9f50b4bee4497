import { holds } from "../contract.ts";

/** The facts about a session that affect its tickets. */
export interface Holder {
  readonly tag: string;
  /** Number of calls begun that end the session or give it another id. */
  changes: number;
  /** The ids under which it is known to have ended. */
  readonly lost: Set<string>;
}

/** A ticket that was returned to a caller. */
export interface KnownTicket {
  readonly text: string;
  readonly holder: Holder;
  readonly id: string;
  /** The `changes` of its holder just before the ticket was requested. */
  readonly changes: number;
  /** The time until which it is certainly valid, and the time from which it is not. */
  readonly goodUntil: number;
  readonly badFrom: number;
  /** Number of redemptions begun. */
  attempts: number;
  /** Number of redemptions that got the session. */
  wins: number;
}

/** The known validity of a ticket when a redemption begins. */
export interface Attempt {
  readonly ticket: KnownTicket;
  /** `true` if no other redemption has begun before. */
  readonly isFirst: boolean;
  /** `true` if it must not lead anywhere any more. */
  readonly isOver: boolean;
}

/** Records the answers to the callers that issue and redeem tickets, and derives which answers may follow. */
export class TicketLedger {
  readonly tickets: KnownTicket[] = [];
  readonly history: string[] = [];

  note(line: string): void {
    this.history.push(line);
  }

  begin(ticket: KnownTicket, now: number): Attempt {
    const { attempts, holder, id, badFrom } = ticket;
    ticket.attempts += 1;
    return { ticket, isFirst: attempts === 0, isOver: now >= badFrom || holder.lost.has(id) };
  }

  /** Records that a redemption got this session. */
  won({ ticket, isOver }: Attempt, session: { readonly id: string; readonly tag: unknown }): void {
    ticket.wins += 1;
    holds(127, ticket.wins === 1, `${ticket.wins} callers got the session of one ticket of ${ticket.holder.tag}`);
    holds(128, !isOver, `a ticket of ${ticket.holder.tag} is accepted although it is no longer valid`);
    const isRight = session.tag === ticket.holder.tag && session.id === ticket.id;
    holds(128, isRight, `a ticket of ${ticket.holder.tag} leads to ${session.tag}`);
  }

  /** Records that a redemption got nothing, although no message was lost. */
  lost({ ticket, isFirst, isOver }: Attempt, now: number): void {
    const { holder, changes, attempts, goodUntil } = ticket;
    const mayBeBad = isOver || now >= goodUntil || holder.changes > changes;
    holds(127, !isFirst || attempts > 1 || mayBeBad, `the first redemption of a ticket of ${holder.tag} gets nothing`);
  }
}
