import { type Clock, isSessionError, type Session, type SessionManager } from "sessionwire";
import { holds } from "../contract.ts";
import type { Holder, KnownTicket, TicketLedger } from "./ledger.ts";

/** The actions of a client, in words. */
export const ticketSteps = [
  "begin",
  "issue",
  "issue",
  "issue",
  "redeem the latest",
  "redeem the latest",
  "redeem the latest twice",
  "redeem the one before",
  "redeem one's own again",
  "move",
  "end",
  "wait",
] as const;

export type TicketStep = (typeof ticketSteps)[number];

const TTL_SECONDS = 1;
/** Longer than a ticket is valid, in ms. */
const WAIT_MS = 1100;

/** Works with tickets, step by step, and checks every answer. */
export class TicketClient {
  readonly #name: string;
  readonly #sessions: SessionManager;
  readonly #ledger: TicketLedger;
  readonly #clock: Clock;
  /** `true` if messages are neither lost nor refused, so that nothing fails because of the network. */
  readonly #isCalm: boolean;
  #session: Session | undefined;
  #holder: Holder = { tag: "", changes: 0, lost: new Set() };
  #redeemed: KnownTicket | undefined;

  constructor(
    name: string,
    sessions: SessionManager,
    ledger: TicketLedger,
    { clock, isCalm }: { readonly clock: Clock; readonly isCalm: boolean },
  ) {
    this.#name = name;
    this.#sessions = sessions;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#isCalm = isCalm;
  }

  async follow(plan: readonly string[]): Promise<void> {
    await this.#take("begin");
    for (const step of plan) await this.#take(step as TicketStep);
  }

  async #take(step: TicketStep): Promise<void> {
    const { tickets } = this.#ledger;
    if (step === "begin") await this.#begin();
    if (step === "issue") await this.#issue();
    if (step === "redeem the latest") await this.#redeem(step, tickets.at(-1));
    if (step === "redeem the latest twice") {
      await Promise.all([this.#redeem(step, tickets.at(-1)), this.#redeem(step, tickets.at(-1))]);
    }
    if (step === "redeem the one before") await this.#redeem(step, tickets.at(-2));
    if (step === "redeem one's own again") await this.#redeem(step, this.#redeemed);
    if (step === "move") await this.#change(step, (session) => session.regenerate());
    if (step === "end") await this.#change(step, (session) => session.destroy());
    if (step === "wait") await new Promise<void>((resolve) => void this.#clock.schedule(resolve, WAIT_MS));
  }

  async #begin(): Promise<void> {
    const session = await this.#sessions.create();
    this.#holder = { tag: `${this.#name}-${this.#ledger.history.length}`, changes: 0, lost: new Set() };
    session.set("tag", this.#holder.tag);
    const isStored = await this.#attempt("begin", async () => {
      await session.save();
      return true;
    });
    this.#session = isStored ? session : undefined;
  }

  async #issue(): Promise<void> {
    const [session, holder] = [this.#session, this.#holder];
    if (session === undefined || session.hasEnded) return;
    const { id } = session;
    const { changes } = holder;
    const begun = this.#clock.monotonic();
    const text = await this.#attempt("issue", () => this.#sessions.tickets.issue(session, { ttlSeconds: TTL_SECONDS }));
    if (text === undefined) return;
    const times = { goodUntil: begun + TTL_SECONDS * 1000, badFrom: this.#clock.monotonic() + TTL_SECONDS * 1000 };
    this.#ledger.tickets.push({ text, holder, id, changes, ...times, attempts: 0, wins: 0 });
  }

  async #redeem(step: TicketStep, ticket: KnownTicket | undefined): Promise<void> {
    if (ticket === undefined) return;
    this.#redeemed = ticket;
    const attempt = this.#ledger.begin(ticket, this.#clock.monotonic());
    const found = await this.#attempt(`${step} (${this.#ledger.tickets.indexOf(ticket)})`, async () => ({
      session: await this.#sessions.tickets.redeem(ticket.text),
    }));
    if (found?.session) this.#ledger.won(attempt, { id: found.session.id, tag: found.session.get("tag") });
    else if (this.#isCalm) this.#ledger.lost(attempt, this.#clock.monotonic());
  }

  async #change(step: TicketStep, change: (session: Session) => Promise<void>): Promise<void> {
    const [session, holder] = [this.#session, this.#holder];
    if (session === undefined || session.hasEnded) return;
    const { id } = session;
    holder.changes += 1;
    const isDone = await this.#attempt(step, async () => {
      await change(session);
      return true;
    });
    if (isDone) holder.lost.add(id);
  }

  /** Returns `undefined` for a failure. A failure without a reason breaks a law. */
  async #attempt<T>(step: string, run: () => Promise<T>): Promise<T | undefined> {
    this.#ledger.note(`${this.#name}: ${step}`);
    try {
      const result = await run();
      this.#ledger.note(`${this.#name}: done, ${step}`);
      return result;
    } catch (error) {
      if (!isSessionError(error)) throw error;
      this.#ledger.note(`${this.#name}: ${error.code} (${error.outcome}), ${step}`);
      holds(127, !this.#isCalm, `${step} rejects with ${error.code}`);
      return undefined;
    }
  }
}
