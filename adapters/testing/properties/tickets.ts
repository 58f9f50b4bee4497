import fc from "fast-check";
import type { Contract, Story } from "./contract.ts";
import type { CreateManager } from "./session/create-manager.ts";
import { messageFates, type ProcessPlan, processPlans } from "./session/process-plans.ts";
import { createSessionWorld } from "./session/world.ts";
import { TicketClient, ticketSteps } from "./tickets/client.ts";
import { TicketLedger } from "./tickets/ledger.ts";

/**
 * Several processes that issue and redeem tickets of sessions which end and move, on networks that lose and delay
 * messages: a ticket admits at most one caller, and none once it has expired or its session has ended or moved.
 *
 * @public
 */
export const ticketContract: Contract<CreateManager> = {
  name: "Tickets",
  laws: [127, 128],
  property: (createManager) => fc.asyncProperty(ticketStories(), (story) => tell(createManager, story)),
};

interface TicketStory extends Story {
  readonly processes: readonly ProcessPlan[];
  readonly fates: readonly string[];
}

function ticketStories(): fc.Arbitrary<TicketStory> {
  const calm = fc.array(fc.constantFrom("1 ms", "2 ms", "4 ms", "8 ms", "16 ms"), { maxLength: 40, size: "max" });
  return fc
    .record({ processes: processPlans(fc.constantFrom(...ticketSteps)), fates: fc.oneof(calm, messageFates()) })
    .map((story) => ({ ...story, toString: () => describeStory(story) }));
}

function describeStory({ processes, fates }: Omit<TicketStory, "toString">): string {
  const plans = processes.map(
    ({ plans, lossesAre }) =>
      `a process: ${plans.map((plan) => plan.join(", ")).join(" | ")} (losses are ${lossesAre})`,
  );
  return `${plans.join("; ")}${fates.length > 0 ? `; the messages: ${fates.join(", ")}` : ""}`;
}

async function tell(createManager: CreateManager, { processes, fates }: TicketStory): Promise<void> {
  const isCalm = fates.every((fate) => Number.parseInt(fate, 10) < 50);
  const ledger = new TicketLedger();
  const world = createSessionWorld(createManager, fates);
  await world.tell([ledger], async () => {
    const clients: Promise<void>[] = [];
    for (const [number, { plans, ...process }] of processes.entries()) {
      const { sessions } = await world.start(process);
      for (const [place, plan] of plans.entries()) {
        const client = new TicketClient(`${number}.${place}`, sessions, ledger, { clock: world.clock, isCalm });
        clients.push(client.follow(plan));
      }
    }
    await world.settle(clients);
    world.heal();
    await world.close();
  });
}
