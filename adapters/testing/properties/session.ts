import fc from "fast-check";
import { isSessionError, type Session, type SessionHandler, type SessionManager } from "sessionwire";
import { createReferenceHandler } from "../reference-handler.ts";
import { createVirtualClock, settled, type VirtualClock } from "../virtual-clock.ts";
import { type Fault, withFaults } from "../with-faults.ts";
import { faultPlans } from "./arbitraries.ts";
import { type Contract, holds, type Step, type Story, stories } from "./contract.ts";
import { SessionLedger } from "./session-ledger.ts";

/**
 * A manager of sessions in the native format on a handler, on virtual time: `createSessionManager`, or what takes its place.
 *
 * @public
 */
export type CreateManager = (options: {
  readonly handler: SessionHandler;
  readonly clock: VirtualClock;
}) => SessionManager;

interface SessionStory extends Story {
  readonly steps: readonly Step<World>[];
  readonly faults: readonly Fault[];
}

/** Two processes that work on one session, each holding on to what it has opened. */
interface World {
  readonly clock: VirtualClock;
  readonly ledger: SessionLedger;
  readonly hands: readonly Hand[];
}

interface Hand {
  readonly name: string;
  readonly sessions: SessionManager;
  session: Session | undefined;
}

/**
 * Two processes change one session, hold on to what they have opened for as long as they like, and lose requests and replies: what
 * was acknowledged is there, once; what was deleted or has ended stays away.
 *
 * @public
 */
export const sessionContract: Contract<CreateManager> = {
  name: "Sessions",
  laws: [33, 34, 80, 85, 89, 92, 94, 95, 96],
  property: (createManager) =>
    fc.asyncProperty(sessionStories, async ({ steps, faults }) => {
      const clock = createVirtualClock();
      const store = createReferenceHandler({ clock });
      const witness = createManager({ handler: store, clock });
      const first = await witness.create();
      first.set("list", []);
      await until(first.save(), clock);

      const left = [...faults];
      const faulty = () => withFaults(store, () => left.shift() ?? "none", { clock });
      const hand = (name: string): Hand => ({
        name,
        sessions: createManager({ handler: faulty(), clock }),
        session: undefined,
      });
      const world: World = { clock, ledger: new SessionLedger(first.id), hands: [hand("A"), hand("B")] };
      for (const each of world.hands) await open(world, each);
      for (const step of steps) {
        await step.take(world);
        for (const each of world.hands) checkView(world, each);
      }

      left.length = 0;
      for (const each of world.hands) if (each.session?.isChanged && !each.session.hasEnded) await save(world, each);
      await examine(world, witness);
      for (const { sessions } of [...world.hands, { sessions: witness }]) await sessions.close();
      holds(70, clock.pending === 0, "Timers are left");
    }),
};

const handSteps = fc.tuple(fc.nat(1), fc.nat(99)).map(([place, kind]): Step<World> => {
  const [name, take] = kindAt(kind);
  return {
    words: `${"AB"[place]} ${name}`,
    take(world) {
      const hand = world.hands[place];
      return hand && take(world, hand);
    },
  };
});

const sessionStories: fc.Arbitrary<SessionStory> = fc
  .tuple(
    stories(handSteps, 24),
    fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: faultPlans() }),
  )
  .map(([story, plan]) => {
    const faults = plan.filter((fault) => typeof fault === "string");
    const planned = faults.some((fault) => fault !== "none") ? ` (calls: ${faults.join(", ")})` : "";
    return { steps: story.steps, faults, toString: () => `${story}${planned}` };
  });

type Take = (world: World, hand: Hand) => Promise<void> | void;

/** What a hand can do, each for so many of a hundred. */
const kinds: readonly (readonly [share: number, name: string, take: Take])[] = [
  [26, "saves", save],
  [4, "saves twice at once", saveTwice],
  [12, "sets own", (world, hand) => set(world, hand, `own ${hand.name}`)],
  [6, "sets shared", (world, hand) => set(world, hand, "shared")],
  [7, "deletes own", remove],
  [12, "appends", append],
  [8, "updates", update],
  [7, "adds a message", addMessage],
  [5, "takes the messages", takeMessages],
  [6, "opens", open],
  [2, "regenerates", regenerate],
  [2, "destroys", destroy],
  [3, "discards", discard],
];

function kindAt(number: number): readonly [name: string, take: Take] {
  let share = 0;
  for (const [more, name, take] of kinds) {
    share += more;
    if (number < share) return [name, take];
  }
  return ["saves", save];
}

async function open({ ledger, clock }: World, hand: Hand): Promise<void> {
  if (hand.session) ledger.forget(hand.name);
  hand.session = undefined;
  const result = await until(outcome(hand.sessions.open(ledger.id)), clock);
  if ("error" in result) return;
  const mustBe = ledger.end === "none";
  holds(94, result.value !== undefined || !mustBe, "A session that is there was not found");
  holds(92, result.value === undefined || ledger.end !== "acknowledged", "A session that has ended was found");
  if (result.value) ledger.checkContent(contentOf(result.value));
  hand.session = result.value;
}

async function save({ ledger, clock }: World, hand: Hand): Promise<void> {
  const { session } = hand;
  if (!session) return;
  const result = await until(outcome(session.save()), clock);
  note(ledger, hand, result);
}

async function saveTwice({ ledger, clock }: World, hand: Hand): Promise<void> {
  const { session } = hand;
  if (!session) return;
  const both = Promise.all([outcome(session.save()), outcome(session.save())]);
  const results = await until(both, clock);
  // What one of them has not stored, the other one may have.
  const [last] = results.filter((result) => !("error" in result)).concat(results.slice(-1));
  for (const result of results) if ("error" in result && result !== last) doubt(ledger, hand, result.error);
  if (last) note(ledger, hand, last);
}

function note(ledger: SessionLedger, hand: Hand, result: Outcome<unknown>): void {
  if (!hand.session) return;
  if (!("error" in result)) {
    holds(92, ledger.end !== "acknowledged" || !ledger.hasChanges(hand.name), "A session that has ended was saved");
    holds(
      97,
      !ledger.formerIds.includes(hand.session?.id ?? "") || !ledger.hasChanges(hand.name),
      "The old id was saved",
    );
    holds(83, hand.session?.isChanged === false, "A save has left changes");
    ledger.saved(hand.name);
    return;
  }
  const { error } = result;
  holds(33, isSessionError(error), `A save rejects with ${String(error)}`);
  if (!isSessionError(error)) return;
  if (error.code === "gone") {
    const isFormer = ledger.formerIds.includes(hand.session?.id ?? "");
    holds(92, ledger.end !== "none" || isFormer, "A session that is there is gone");
    ledger.forget(hand.name);
    hand.session = undefined;
    return;
  }
  holds(
    89,
    hand.session?.isChanged === true || !ledger.hasChanges(hand.name),
    "A save that failed has kept no changes",
  );
  doubt(ledger, hand, error);
}

function doubt(ledger: SessionLedger, hand: Hand, error: unknown): void {
  if (!isSessionError(error) || error.outcome !== "not-applied") ledger.doubted(hand.name);
}

function set({ ledger }: World, { name, session }: Hand, attribute: string): void {
  if (session && !session.hasEnded) session.set(attribute, ledger.made(name, "set", attribute));
}

function remove({ ledger }: World, { name, session }: Hand): void {
  if (!session || session.hasEnded) return;
  session.delete(`own ${name}`);
  ledger.made(name, "delete", `own ${name}`);
}

function append({ ledger }: World, { name, session }: Hand): void {
  if (!session || session.hasEnded) return;
  const tag = ledger.made(name, "append", "list");
  session.update("list", (list = []) => [...(list as string[]), tag]);
}

async function update({ ledger, clock }: World, hand: Hand): Promise<void> {
  const by = `${hand.name} by id`;
  const tag = ledger.made(by, "append", "list");
  const updating = hand.sessions.update(ledger.id, (draft) => {
    draft.update("list", (list = []) => [...(list as string[]), tag]);
  });
  const result = await until(outcome(updating), clock);
  if (!("error" in result)) {
    holds(92, ledger.end !== "acknowledged", "A session that has ended was updated");
    ledger.saved(by);
    return;
  }
  const { error } = result;
  holds(33, isSessionError(error), `An update rejects with ${String(error)}`);
  const isUnknown = isSessionError(error) && error.outcome !== "not-applied" && error.code !== "gone";
  if (isUnknown) ledger.doubted(by);
  ledger.forget(by);
}

function addMessage({ ledger }: World, { name, session }: Hand): void {
  if (session && !session.hasEnded) session.flash.add("message", ledger.made(name, "add", "message"));
}

function takeMessages({ ledger }: World, { name, session }: Hand): void {
  if (!session || session.hasEnded) return;
  const seen = session.flash.take("message") as string[]; // only texts are added
  if (seen.length > 0) ledger.made(name, "take", "message", seen);
}

async function regenerate({ ledger, clock }: World, hand: Hand): Promise<void> {
  const { session } = hand;
  if (!session || session.hasEnded) return;
  const result = await until(outcome(session.regenerate()), clock);
  if (!("error" in result)) {
    holds(97, ledger.end !== "acknowledged", "A session that has ended was moved");
    holds(96, session.id !== ledger.id, "The id is the same as before");
    ledger.moved(hand.name, session.id);
    return;
  }
  // A move of which the store's reply was lost may be found to have ended the session.
  if (isSessionError(result.error) && result.error.outcome !== "not-applied") ledger.endInDoubt();
  note(ledger, hand, result);
}

async function destroy({ ledger, clock }: World, hand: Hand): Promise<void> {
  const result = await until(outcome(hand.sessions.destroy(ledger.id)), clock);
  if (!("error" in result)) ledger.ended();
  else if (isSessionError(result.error) && result.error.outcome !== "not-applied") ledger.endInDoubt();
}

function discard({ ledger }: World, { name, session }: Hand): void {
  if (!session || session.hasEnded) return;
  session.discard();
  ledger.forget(name);
}

/** A hand sees its own unsaved changes, whatever others do. */
function checkView({ ledger }: World, { name, session }: Hand): void {
  if (!session || session.hasEnded) return;
  const expected = ledger.unsaved(name, `own ${name}`);
  if (expected)
    holds(80, session.get(`own ${name}`) === expected.value, "An unsaved change is not seen by who has made it");
}

async function examine({ ledger, clock }: World, witness: SessionManager): Promise<void> {
  for (const id of ledger.formerIds)
    holds(96, (await until(witness.open(id), clock)) === undefined, "The old id leads to a session still");
  const session = await until(witness.open(ledger.id), clock);
  if (ledger.end === "acknowledged") holds(92, session === undefined, "A session that has ended is there");
  if (ledger.end === "none") holds(85, session !== undefined, "The session is gone, and nobody has ended it");
  if (session) ledger.checkContent(contentOf(session));
}

function contentOf(session: Session) {
  return {
    attributes: new Map(session.names().map((name) => [name, session.get(name)])),
    list: (session.get("list") ?? []) as string[], // what is appended
    messages: session.flash.peek("message") as string[], // only texts are added
  };
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

async function outcome<T>(promise: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

/** Lets time pass until something has settled; what never does has broken law 38. */
async function until<T>(promise: Promise<T>, clock: VirtualClock): Promise<T> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  // Keys are hashed in threads, of which virtual time knows nothing.
  const giveUpAt = performance.now() + 5000;
  while (!isSettled && performance.now() < giveUpAt) {
    await settled();
    if (!isSettled && clock.pending > 0) await clock.advance(10);
  }
  holds(38, isSettled, "Something does not settle");
  return promise;
}
