import fc from "fast-check";
import type { Session, SessionManager } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { type Contract, holds, type Story } from "./contract.ts";
import { SessionClient } from "./session/client.ts";
import { counterexamplesIn } from "./session/counterexamples.ts";
import { type CreateManager, formatOf } from "./session/create-manager.ts";
import { SessionLedger } from "./session/ledger.ts";
import { messageFates, processPlans } from "./session/process-plans.ts";
import { type SessionScript, tellSession } from "./session/script.ts";
import { checkWhole, viewOf } from "./session/view.ts";
import { type SessionBeginning, type SessionVocabulary, stepsOf } from "./session/vocabularies.ts";
import { createSessionWorld, type SessionWorld, type SessionWorldOptions } from "./session/world.ts";

/**
 * The options of {@link createSessionContract}.
 *
 * @public
 */
export interface SessionContractOptions extends SessionWorldOptions {
  /** The actions of the clients. @defaultValue all actions that apply to the format */
  readonly vocabulary?: SessionVocabulary;
  /** The beginning of the session. @defaultValue all beginnings that apply to the format */
  readonly beginning?: SessionBeginning;
}

/**
 * Creates a contract of sessions that covers a part of their actions, or uses another store.
 *
 * @public
 */
export function createSessionContract(options: SessionContractOptions = {}): Contract<CreateManager> {
  return {
    name: "Sessions",
    laws: [33, 34, 38, 70, 71, 80, 82, 83, 85, 86, 87, 88, 89, 90, 91, 92, 94, 95, 96, 97, 98, 101],
    examples: (createManager) => counterexamplesIn(formatOf(createManager)),
    property: (createManager) =>
      fc.asyncProperty(sessionStories(formatOf(createManager), options), async (story) => {
        const world = createSessionWorld(createManager, story.fates, options);
        const ledgers = new Set<SessionLedger>();
        await world.tell(ledgers, () => overlap(world, story, ledgers));
      }),
  };
}

/**
 * Several processes, each with several `Session` objects of one session, on networks that lose and delay messages:
 * acknowledged changes are present, refused ones have left no trace, changes made once are made once, and an ended
 * session stays absent.
 *
 * @public
 */
export const sessionContract: Contract<CreateManager> = createSessionContract();

function sessionStories(format: SessionFormat, options: SessionContractOptions): fc.Arbitrary<SessionScript & Story> {
  const beginnings: SessionBeginning[] = ["stored", "created"];
  if (format.acceptsForeignIds) beginnings.push("created together");
  const ofStored: SessionVocabulary[] = ["attributes", "functions", "messages", "moves", "ends"];
  if (format.storesForwards) ofStored.push("graces");
  // A session that already exists has the most to lose.
  const kinds = beginnings.flatMap((beginning) =>
    (beginning === "stored" ? ofStored : (["creations"] as const)).map((vocabulary) => ({ beginning, vocabulary })),
  );
  const { beginning, vocabulary } = options;
  const chosen = kinds.filter((kind) => (beginning ?? kind.beginning) === kind.beginning);
  const all = chosen.filter((kind) => (vocabulary ?? kind.vocabulary) === kind.vocabulary);
  if (all.length === 0) throw new RangeError(`The ${format.name} format does not support ${vocabulary ?? beginning}.`);
  return fc.oneof(...all.map((kind) => storiesOf(kind.beginning, kind.vocabulary)));
}

function storiesOf(beginning: SessionBeginning, vocabulary: SessionVocabulary): fc.Arbitrary<SessionScript & Story> {
  return fc
    .tuple(processPlans(stepsOf(vocabulary, beginning)), messageFates(), fc.boolean())
    .map(([processes, fates, savesAtEnd]) => tellSession({ beginning, processes, fates, savesAtEnd }));
}

async function overlap(world: SessionWorld, story: SessionScript, ledgers: Set<SessionLedger>): Promise<void> {
  const { witness } = world;
  const { beginning, processes, savesAtEnd } = story;
  const first =
    beginning === "stored" ? (await stored(world)).id : beginning === "created" ? undefined : witness.format.createId();
  const shared = new SessionLedger(first);
  shared.isStored = beginning === "stored";
  ledgers.add(shared);
  const clients: { readonly client: SessionClient; readonly plan: readonly string[] }[] = [];
  for (const [number, { plans, ...process }] of processes.entries()) {
    const started = await world.start(process);
    for (const [place, plan] of plans.entries()) {
      const ledger = beginning === "created" ? new SessionLedger(undefined) : shared;
      ledgers.add(ledger);
      const client = new SessionClient(`${number}.${place}`, world, started, ledger, plans.length === 1);
      if (beginning !== "stored")
        client.session = await started.sessions.create(first === undefined ? {} : { id: first });
      clients.push({ client, plan });
    }
  }
  await world.settle(clients.map(({ client, plan }) => client.follow(plan)));
  world.heal();
  if (savesAtEnd) for (const { client } of clients) await world.settle([client.decide()]);
  await world.clock.advance(60_000); // old ids no longer lead on
  for (const ledger of ledgers) await world.settle([examine(ledger, witness)]);
  await world.close();
}

async function stored({ witness, settle }: SessionWorld): Promise<Session> {
  const session = await witness.create();
  session.set("list", []);
  await settle([session.save()]);
  return session;
}

/** Checks that ended sessions are absent, and that the others have the expected content. */
async function examine(ledger: SessionLedger, witness: SessionManager): Promise<void> {
  for (const { id, word, to } of ledger.ends) {
    if (word !== "stored") continue;
    holds(to === undefined ? 92 : 96, (await witness.open(id)) === undefined, "An ended session exists");
  }
  if (ledger.id === undefined) return;
  const session = await witness.open(ledger.id);
  if (session) {
    ledger.checkLast(viewOf(session));
    checkWhole(session);
  } else holds(94, !ledger.isStored || ledger.mayHaveEnded(ledger.id), "The session is gone, and nobody has ended it");
}
