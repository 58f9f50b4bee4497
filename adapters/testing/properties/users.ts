import fc from "fast-check";
import type { SessionHandler, SessionManager } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { createReferenceHandler } from "../reference-handler.ts";
import type { VirtualClock } from "../virtual-clock.ts";
import { type Contract, holds } from "./contract.ts";
import { type CreateManager, formatOf } from "./session/create-manager.ts";
import { messageFates, processPlans } from "./session/process-plans.ts";
import { createSessionWorld } from "./session/world.ts";
import { UserClient, userSteps } from "./users/client.ts";
import { counterexamples } from "./users/counterexamples.ts";
import { UserLedger } from "./users/ledger.ts";
import { storyOf, type UserStory } from "./users/story.ts";

/**
 * Several processes in which two users sign in and out, on networks that lose and delay messages: every signed-in
 * session is listed, ended sessions are absent, and nobody exceeds the limit of sessions.
 *
 * @public
 */
export const userContract: Contract<CreateManager> = {
  name: "The sessions of users",
  laws: [124, 125, 126],
  examples: () => counterexamples,
  property(createManager) {
    const format = formatOf(createManager);
    return fc.asyncProperty(userStories(), (story) => tell(createManager, format, story));
  },
};

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

/** Checks that every session that was certainly bound is listed before it is used again. */
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

/**
 * Wraps a store so that it shows the ledger each session that it holds. A complaint of the ledger must not make the
 * write fail.
 */
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
