import type { Session, SessionManager } from "sessionwire";
import type { SessionFixture } from "./fixture.ts";

/** Stores a session. */
export async function storedSession(sessions: SessionManager): Promise<Session> {
  const session = await sessions.create();
  session.set("a", 1);
  await session.save();
  return session;
}

/** Redeems tickets, one after the other, and returns which of them led to a session. */
export async function redeemed(sessions: SessionManager, tickets: readonly string[]): Promise<boolean[]> {
  const found: boolean[] = [];
  for (const ticket of tickets) found.push((await sessions.tickets.redeem(ticket)) !== undefined);
  return found;
}

/** A ticket, and the call by which its record was stored. */
export interface IssuedTicket {
  readonly ticket: string;
  readonly key: string;
  readonly ttlSeconds: number | undefined;
}

/** Issues a ticket in the first process. */
export async function issued(
  { sessions, handler }: SessionFixture,
  session: { readonly id: string },
): Promise<IssuedTicket> {
  const ticket = await sessions.tickets.issue(session);
  const call = handler.calls.findLast(({ method }) => method === "write");
  return { ticket, key: call?.key ?? "", ttlSeconds: call?.ttlSeconds };
}
