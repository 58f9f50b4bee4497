import type { Session, SessionHandler, SessionManager, SessionTickets } from "sessionwire";
import type { Mutant } from "../kill-table.ts";
import type { CreateManager } from "../session/world.ts";
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
      "whoever has read a ticket has redeemed it",
      ofTickets((inner) => ({
        async destroy(key, options) {
          await inner.destroy(key, options);
          return { destroyed: true };
        },
      })),
    ),
    below(
      127,
      "a ticket stays when it is redeemed",
      ofTickets(() => ({ destroy: async () => ({ destroyed: true }) })),
    ),
    below(
      127,
      "a reply that was lost is taken for a yes",
      ofTickets((inner) => ({
        destroy: (key, options) => inner.destroy(key, options).catch(() => ({ destroyed: true })),
      })),
    ),
    redeeming(127, "no ticket leads anywhere", async () => undefined),
    below(
      128,
      "a ticket lives longer than it should",
      ofTickets((inner) => ({
        write: (key, data, options) => inner.write(key, data, { ...options, ttlSeconds: options.ttlSeconds + 30 }),
      })),
    ),
    redeeming(128, "a ticket leads to its session under whatever id that has by then", async (found, held, sessions) =>
      found === undefined && held?.hasEnded === false ? sessions.open(held.id) : found,
    ),
    redeeming(128, "a ticket leads to a session that has ended", async (found, held) => found ?? held),
  ];
}

/** A bug in what becomes of a ticket: of what it leads to, and of the session whose it is, when it was issued here and is shown first. */
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

/** A bug in what is done with tickets, and not with sessions. */
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
