import type { Session, SessionHandler, SessionManager, SessionTickets } from "sessionwire";
import type { Mutant } from "../kill-table.ts";
import type { CreateManager } from "../session/create-manager.ts";
import { below, type HandlerBug, managed } from "./broken-sessions.ts";

/**
 * Managers with one bug each, for `ticketContract`.
 *
 * @public
 */
export function ticketMutants(): Mutant<CreateManager>[] {
  return [
    below(
      127,
      "reading a ticket redeems it",
      ofTickets((inner) => ({
        async destroy(key, options) {
          await inner.destroy(key, options);
          return { destroyed: true };
        },
      })),
    ),
    below(
      127,
      "a ticket stays after it was redeemed",
      ofTickets(() => ({ destroy: async () => ({ destroyed: true }) })),
    ),
    below(
      127,
      "a lost reply is taken for a success",
      ofTickets((inner) => ({
        destroy: (key, options) => inner.destroy(key, options).catch(() => ({ destroyed: true })),
      })),
    ),
    redeeming(127, "no ticket leads anywhere", async () => undefined),
    below(
      128,
      "a ticket is valid longer than it should be",
      ofTickets((inner) => ({
        write: (key, data, options) => inner.write(key, data, { ...options, ttlSeconds: options.ttlSeconds + 30 }),
      })),
    ),
    redeeming(128, "a ticket leads to its session even under a new id", async (found, held, sessions) =>
      found === undefined && held?.hasEnded === false ? sessions.open(held.id) : found,
    ),
    redeeming(128, "a ticket leads to an ended session", async (found, held) => found ?? held),
  ];
}

/**
 * A bug in the fate of a ticket that was issued in this process and is redeemed for the first time: in the session it
 * leads to, and in the ticket's own session.
 */
function redeeming(
  law: number,
  bug: string,
  change: (
    found: Session | undefined,
    held: Session | undefined,
    sessions: SessionManager,
  ) => Promise<Session | undefined>,
): Mutant<CreateManager> {
  return managed(law, bug, (sessions) => {
    const issued = new Map<string, Session>();
    const tickets: SessionTickets = {
      async issue(session, options) {
        const ticket = await sessions.tickets.issue(session, options);
        issued.set(ticket, session as Session); // the contract has no other
        return ticket;
      },
      async redeem(ticket, options) {
        const held = issued.get(ticket);
        issued.delete(ticket);
        return change(await sessions.tickets.redeem(ticket, options), held, sessions);
      },
    };
    return { tickets };
  });
}

/** A bug in the actions on tickets, not in those on sessions. */
function ofTickets(bug: HandlerBug): HandlerBug {
  return (inner) => {
    const broken: SessionHandler = { ...inner, ...bug(inner) };
    const of = (key: string) => (key.startsWith("ticket:") ? broken : inner);
    return {
      write: (key, data, options) => of(key).write(key, data, options),
      destroy: (key, options) => of(key).destroy(key, options),
    };
  };
}
