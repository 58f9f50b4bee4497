import assert from "node:assert/strict";
import fc from "fast-check";
import type { Session, SessionManager } from "sessionwire";
import type { FormatName } from "../stage.ts";
import {
  type ClientPlan,
  clientPlans,
  createWorld,
  fates,
  inWorld,
  type Parts,
  settle,
  type World,
} from "./clients.ts";
import { Hand, shownIn } from "./hand.ts";
import { Ledger } from "./ledger.ts";

type Steps = readonly { readonly weight: number; readonly arbitrary: fc.Arbitrary<string> }[];

const saves: Steps = [
  { weight: 6, arbitrary: fc.constant("save") },
  { weight: 2, arbitrary: fc.constantFrom("begin to save", "save and abort soon", "save until it is known") },
  { weight: 1, arbitrary: fc.constantFrom("discard", "refresh", "open again") },
];
const attributes: Steps = [
  { weight: 4, arbitrary: fc.constantFrom("set own", "set own", "set shared") },
  { weight: 2, arbitrary: fc.constantFrom("delete own", "delete shared") },
];
const functions: Steps = [
  { weight: 5, arbitrary: fc.constantFrom("append", "append", "append unless somebody was faster") },
  { weight: 4, arbitrary: fc.constantFrom("update", "update", "update and abort soon", "update in vain") },
  { weight: 1, arbitrary: fc.constant("update so often that no token is left") },
];
const messages: Steps = [{ weight: 6, arbitrary: fc.constantFrom("add", "add", "take") }];
const moves: Steps = [
  { weight: 3, arbitrary: fc.constantFrom("regenerate", "regenerate", "regenerate and abort soon", "touch") },
];
const graces: Steps = [{ weight: 1, arbitrary: fc.constantFrom("regenerate with grace", "open by the first id") }];
const ends: Steps = [
  { weight: 1, arbitrary: fc.constantFrom("destroy", "destroy by id", "destroy by id and abort soon", "invalidate") },
];
/** As long as its creation may be on its way. */
const earlyEnds: Steps = [{ weight: 3, arbitrary: fc.constant("save and destroy") }];

const vocabularies = {
  attributes: [...saves, ...attributes],
  functions: [...saves, ...functions],
  messages: [...saves, ...messages],
  moves: [...saves, ...attributes, ...functions, ...messages, ...moves],
  graces: [...saves, ...attributes, ...functions, ...moves, ...graces, ...ends],
  ends: [...saves, ...attributes, ...functions, ...messages, ...moves, ...ends],
  creations: [...saves, ...attributes, ...functions, ...messages],
};

export type Vocabulary = keyof typeof vocabularies;

export interface OverlapOptions {
  readonly format: FormatName;
  readonly vocabulary: Vocabulary;
  /** Whether the session is in the store already; or each creates one; or all create one under the same id. */
  readonly begins: "stored" | "created" | "created together";
}

/**
 * Several processes, each with several `Session` objects of the same session, on networks that lose and delay messages: what
 * was acknowledged is there, what was refused left no trace, and what has ended stays away.
 */
export function overlapProperty({ format, vocabulary, begins }: OverlapOptions) {
  const [first, ...others] = vocabularies[vocabulary];
  assert.ok(first);
  const ending = begins === "created" ? [...earlyEnds, ...ends, ...moves] : [];
  const plans = clientPlans(fc.oneof(first, ...others, ...ending));
  return (parts: Parts) =>
    fc.asyncProperty(plans, fates, fc.boolean(), async (clients, planned, saveAtEnd) => {
      const world = createWorld(parts, format, planned);
      const ledgers = new Set<Ledger>();
      await inWorld(ledgers, () => overlap(world, clients, { format, vocabulary, begins }, saveAtEnd, ledgers));
    });
}

async function overlap(
  world: World,
  clients: readonly ClientPlan[],
  { format, begins }: OverlapOptions,
  saveAtEnd: boolean,
  ledgers: Set<Ledger>,
): Promise<void> {
  const { clock, witness } = world;
  const first = begins === "stored" ? (await stored(witness)).id : begins === "created" ? undefined : "chosen";
  const shared = new Ledger(first);
  shared.isStored = begins === "stored";
  ledgers.add(shared);
  const hands: { readonly hand: Hand; readonly plan: readonly string[] }[] = [];
  for (const [number, { plans, ...client }] of clients.entries()) {
    const sessions = await world.connect(client);
    for (const [place, plan] of plans.entries()) {
      const ledger = begins === "created" ? new Ledger(undefined) : shared;
      ledgers.add(ledger);
      const hand = new Hand(`${number}.${place}`, world, sessions, ledger);
      if (begins !== "stored") hand.session = await sessions.create(first === undefined ? {} : { id: first });
      hands.push({ hand, plan });
    }
  }
  await settle(
    clock,
    hands.map(({ hand, plan }) => hand.follow(plan)),
  );
  world.heal();
  if (saveAtEnd) for (const { hand } of hands) await settle(clock, [hand.decide(format)]);
  await clock.advance(60_000);
  assert.equal(clock.pending, 0, "timers are left");
  for (const ledger of ledgers) await examine(ledger, witness);
}

async function stored(witness: SessionManager): Promise<Session> {
  const session = await witness.create();
  session.set("list", []);
  await session.save();
  return session;
}

/** All that ended is away, and what goes on holds what it must. */
async function examine(ledger: Ledger, witness: SessionManager): Promise<void> {
  for (const { id, word } of ledger.ends) {
    if (word === "stored") assert.equal(await witness.open(id), undefined, "what had ended is there (law 92)");
  }
  if (ledger.id === undefined) return;
  const session = await witness.open(ledger.id);
  if (session) ledger.checkLast(shownIn(session));
  else assert.ok(!ledger.isStored || ledger.mayHaveEnded(ledger.id), "the session is gone, and nobody has ended it");
}
