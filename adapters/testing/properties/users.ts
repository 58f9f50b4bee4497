import fc from "fast-check";
import type { SessionHandler, SessionManager } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { createReferenceHandler } from "../reference-handler.ts";
import type { VirtualClock } from "../virtual-clock.ts";
import { type Contract, holds, type Story } from "./contract.ts";
import {
  type CreateManager,
  createSessionWorld,
  formatOf,
  messageFates,
  type ProcessPlan,
  processPlans,
} from "./session/world.ts";
import { UserClient, userSteps } from "./users/client.ts";
import { UserLedger } from "./users/ledger.ts";

/**
 * Several processes in which two users sign in and out, on networks that lose and delay messages: whoever is signed in is listed, what was
 * to be ended is away, and nobody has more sessions than there may be.
 *
 * @public
 */
export const userContract: Contract<CreateManager> = {
  name: "The sessions of users",
  laws: [124, 125, 126],
  examples: () => [copyLeftBehind, copyOnItsWay, copyTooMany],
  property(createManager) {
    const format = formatOf(createManager);
    return fc.asyncProperty(userStories(), (story) => tell(createManager, format, story));
  },
};

interface UserStory extends Story {
  readonly processes: readonly ProcessPlan[];
  readonly fates: readonly string[];
  readonly maxSessions: number;
  readonly whenFull: "end-oldest" | "refuse";
}

function userStories(): fc.Arbitrary<UserStory> {
  const calm = fc.array(fc.constantFrom("1 ms", "2 ms", "4 ms", "8 ms", "16 ms"), { maxLength: 40, size: "max" });
  return fc
    .record({
      processes: processPlans(fc.constantFrom(...userSteps)),
      fates: fc.oneof(calm, messageFates()),
      maxSessions: fc.constantFrom(Infinity, 1, 2),
      whenFull: fc.constantFrom("end-oldest" as const, "refuse" as const),
    })
    .map(storyOf);
}

function describeStory({ processes, fates, maxSessions, whenFull }: Omit<UserStory, "toString">): string {
  const limit = maxSessions === Infinity ? "" : `at most ${maxSessions}, or ${whenFull}; `;
  const plans = processes.map(
    (each) =>
      `a process: ${each.plans.map((plan) => plan.join(", ")).join(" | ")} (losses are ${each.lossesAre}${each.maxConflicts < 100 ? ", gives up after 1 conflict" : ""})`,
  );
  return `${limit}${plans.join("; ")}${fates.length > 0 ? `; the messages: ${fates.join(", ")}` : ""}`;
}

/** The copy of a session that signs in under a new id was left when its place in the list could not be confirmed. */
const copyLeftBehind = storyOf({
  processes: [
    {
      lossesAre: "timeouts",
      maxConflicts: 1,
      plans: [
        ["end the oldest", "sign in", "move", "sign in"],
        ["end all", "sign in under a new id"],
      ],
    },
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["sign in"], ["sign in"]] },
  ],
  fates: [16, 1, 1, 1, 1, 1, 1, 1, 16].map((ms) => `${ms} ms`),
  maxSessions: 1,
  whenFull: "end-oldest",
});

/** The copy of a session arrived when nobody waited for it any more, and all sessions of the user had been ended. */
const copyOnItsWay = storyOf({
  processes: [
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["sign in", "move"]] },
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["end all", "end all", "end all"]] },
  ],
  fates: [1, 1, 1, 1, 16, 90, 1, 16, 1, 1, 1, 16, 1, 1, 1, 90, 1, 1, 16, 1, 1].map((ms) => `${ms} ms`),
  maxSessions: Infinity,
  whenFull: "end-oldest",
});

/** The copy of a session that had just given way to another one was stored for a moment, one more than there may be. */
const copyTooMany = storyOf({
  processes: [
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["end all others", "sign in", "move"]] },
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["sign in under a new id", "sign in"]] },
    { lossesAre: "timeouts", maxConflicts: 100, plans: [["sign in"]] },
  ],
  fates: [
    ...[16, 16, 1, 16, 16, 1, 2, 16, 4, 4, 1, 4, 1, 4, 2, 1, 2, 2, 16, 4, 2, 16, 8, 16, 1, 1, 4, 2, 4, 8, 4, 4, 2, 1],
    16,
  ].map((ms) => `${ms} ms`),
  maxSessions: 1,
  whenFull: "end-oldest",
});

function storyOf(story: Omit<UserStory, "toString">): UserStory {
  return { ...story, toString: () => describeStory(story) };
}

async function tell(createManager: CreateManager, format: SessionFormat, story: UserStory): Promise<void> {
  const { maxSessions, whenFull, fates } = story;
  const isCalm = fates.every((fate) => Number.parseInt(fate, 10) < 50);
  const ledger = new UserLedger(maxSessions, isCalm);
  const users = { idOf: (session: { get(name: string): unknown }) => session.get("user"), maxSessions, whenFull };
  const broken: unknown[] = [];
  const world = createSessionWorld((options) => createManager({ ...options, users }), fates, {
    createStore: (clock) => watched(clock, format, ledger, broken),
  });
  await world.tell([ledger], async () => {
    const clients: Promise<void>[] = [];
    for (const [number, { plans, ...process }] of story.processes.entries()) {
      const { sessions } = await world.start(process);
      for (const [place, plan] of plans.entries()) {
        const client = new UserClient(`${number}.${place}`, sessions, ledger, { whenFull, isCalm });
        clients.push(client.follow(plan));
      }
    }
    await world.settle(clients);
    world.heal();
    if (broken.length > 0) throw broken[0];
    ledger.checkEnds();
    await world.settle([checkLists(world.witness, ledger)]);
    await world.close();
  });
}

/** Every session that was bound for certain is listed before anybody uses it again. */
async function checkLists(witness: SessionManager, ledger: UserLedger): Promise<void> {
  for (const login of ledger.logins.filter(({ isUnknown }) => !isUnknown)) {
    for (const id of login.ids) {
      const session = await witness.open(id, { keepAlive: false });
      const user = session?.get("user");
      if (session === undefined || session.isReadOnly || typeof user !== "string") continue;
      const list = await witness.ofUser(user).list({ current: session });
      const all = list.filter(({ isCurrent }) => isCurrent);
      holds(124, all.length === 1, `${login.tag} is listed ${all.length} times for ${user}`);
    }
  }
}

/** A store that shows the ledger each session that it holds. What that finds must not fail the write. */
function watched(clock: VirtualClock, format: SessionFormat, ledger: UserLedger, broken: unknown[]): SessionHandler {
  const store = createReferenceHandler({ clock });
  const isSession = (key: string) => key.startsWith(format.keyPrefix);
  return {
    ...store,
    async write(key, data, options) {
      const result = await store.write(key, data, options);
      if (!result.written || !isSession(key)) return result;
      try {
        const { attributes } = format.decode(data);
        ledger.stored(key, { tag: attributes.get("tag"), user: attributes.get("user") });
      } catch (error) {
        broken.push(error);
      }
      return result;
    },
    async destroy(key, options) {
      const result = await store.destroy(key, options);
      if (result.destroyed) ledger.held.delete(key);
      return result;
    },
  };
}
