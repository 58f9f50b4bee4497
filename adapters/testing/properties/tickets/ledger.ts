import { holds } from "../contract.ts";

/** A session, as far as it decides about its tickets. */
export interface Holder {
  readonly tag: string;
  /** Number of calls begun that end the session or give it another id. */
  changes: number;
  /** The ids under which it is known not to be any more. */
  readonly lost: Set<string>;
}

/** A ticket that somebody has been told. */
export interface KnownTicket {
  readonly text: string;
  readonly holder: Holder;
  readonly id: string;
  /** The `changes` of its holder just before the ticket was asked for. */
  readonly changes: number;
  /** Until when it is good for certain, and from when on it is not. */
  readonly goodUntil: number;
  readonly badFrom: number;
  /** Number of redemptions begun. */
  attempts: number;
  /** Number of redemptions that got the session. */
  wins: number;
}

/** The known worth of a ticket when a redemption begins. */
export interface Attempt {
  readonly ticket: KnownTicket;
  /** Nobody else has begun before. */
  readonly isFirst: boolean;
  /** It must not lead anywhere any more. */
  readonly isOver: boolean;
}

/** Keeps the answers to those who issue and redeem tickets, and derives which answers may follow. */
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

  /** Somebody has got this session by the ticket. */
  won({ ticket, isOver }: Attempt, session: { readonly id: string; readonly tag: unknown }): void {
    ticket.wins += 1;
    holds(127, ticket.wins === 1, `${ticket.wins} have got the session of one ticket of ${ticket.holder.tag}`);
    holds(128, !isOver, `a ticket of ${ticket.holder.tag} is good when it cannot be any more`);
    const isRight = session.tag === ticket.holder.tag && session.id === ticket.id;
    holds(128, isRight, `a ticket of ${ticket.holder.tag} leads to ${session.tag}`);
  }

  /** Somebody has got nothing, though no message was lost. */
  lost({ ticket, isFirst, isOver }: Attempt, now: number): void {
    const { holder, changes, attempts, goodUntil } = ticket;
    const mayBeBad = isOver || now >= goodUntil || holder.changes > changes;
    holds(127, !isFirst || attempts > 1 || mayBeBad, `the first who shows a ticket of ${holder.tag} gets nothing`);
  }
}
