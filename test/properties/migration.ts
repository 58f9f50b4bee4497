import assert from "node:assert/strict";
import fc from "fast-check";
import type { SessionHandler, Version } from "sessionwire";
import {
  checkLinearizability,
  createHistory,
  createVirtualClock,
  describeContent,
  type HistoryEntry,
  type SimulatedNetwork,
  simulateNetwork,
} from "sessionwire/testing";
import { bytes, partsOf, type Subject } from "../laws/law.ts";
import { fates, kinds, perform } from "./interleavings.ts";

/** As `fates`, and many more messages are lost: what nobody has finished has to be finished by others. */
const manyLost = fc.array(
  fc.record({
    latencyMs: fc.nat(3),
    lost: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  }),
  { maxLength: 16, size: "max" },
);

/** Several processes; what each does, one call after the other, all on one session. */
const processesOf = (moves: fc.Arbitrary<boolean>, minLength: number) =>
  fc.array(fc.record({ moves, plan: fc.array(kinds, { minLength: 1, maxLength: 4 }) }), { minLength, maxLength: 3 });

const processes = (minLength: number) =>
  fc.oneof(
    ...[fc.boolean(), fc.constant(true), fc.constant(false)].map((moves: fc.Arbitrary<boolean>) =>
      processesOf(moves, minLength),
    ),
  );

/**
 * Whatever is lost or late on the way to either store, and whoever moves the session meanwhile: to those who use it, it is one
 * session, of which no change is lost and which does not come back (laws 18, 22 and 30).
 */
export function migrationProperty(subject: Subject) {
  return propertyOf(subject, 2, (openStore) => {
    const [from, to] = [openStore(), openStore()];
    return { from, to: to.handler, networks: [from, to] };
  });
}

/** The same on one store, from plain to hashed keys: if no message is lost, nothing is left under the plain key. */
export function hashingProperty(subject: Subject) {
  return propertyOf(subject, 1, (openStore) => {
    const store = openStore();
    return { from: store, to: subject.withHashedKeys(store.handler), networks: [store] };
  });
}

interface Places {
  readonly from: SimulatedNetwork;
  readonly to: SessionHandler;
  /** The ways to both of them. */
  readonly networks: readonly SimulatedNetwork[];
}

function propertyOf(subject: Subject, minProcesses: number, openPlaces: (openStore: () => SimulatedNetwork) => Places) {
  const all = processes(minProcesses);
  return fc.asyncProperty(all, fc.boolean(), fc.oneof(fates, manyLost), async (plans, isThere, planned) => {
    const clock = createVirtualClock();
    const openStore = () => simulateNetwork({ ...partsOf(subject, clock), clock, timeoutMs: 50 });
    const { from, to, networks } = openPlaces(openStore);
    const history = createHistory();
    const open = (moves: boolean) => history.record(subject.withMigration(from.handler, to, { moves, clock }));
    const before = { replaces: undefined, ttlSeconds: 3600 };
    if (isThere) await history.record(from.store).write("s", bytes("before"), before);
    const left = [...planned];
    for (const network of networks) network.fate = () => left.shift() ?? { latencyMs: 1, lost: false };

    // Where some move sessions and others do not, two that create one at the same time may both succeed.
    const mayCreate = plans.every(({ moves }) => moves === plans[0]?.moves);
    let writes = 0;
    const running = plans.map(async ({ moves, plan }) => {
      const handler = open(moves);
      let seen: Version | undefined;
      for (const kind of plan) {
        writes += 1;
        const isCreation = kind === "create" || (kind === "replace" && seen === undefined);
        const safe = isCreation && !mayCreate ? "read" : kind;
        seen = await perform(handler, safe, seen, `content ${writes}`);
      }
    });
    await clock.advance(10_000);
    await Promise.all(running);
    // The network is well again. Who looks then sees one session, and so does who looks when all marks have expired.
    for (const network of networks) network.fate = undefined;
    const hasMoved = plans.every(({ moves }) => moves) && planned.every(({ lost }) => !lost);
    if (hasMoved) assert.equal(await from.store.read("s"), undefined, "The session is left in its old place.");
    for (const moves of [false, true, true]) {
      const last = open(moves).read("s");
      await clock.advance(70_000);
      await last;
    }
    const entries = (history.entries.get("s") ?? []).map(withoutMove);
    assert.ok(checkLinearizability(entries) === "linearizable", `Not linearizable:\n${history.describe()}`);
  });
}

/** What was refused only because the session has moved has seen what is there, and is made again by whoever wants it. */
function withoutMove(entry: HistoryEntry): HistoryEntry {
  const { call, answer } = entry;
  if (call.kind === "read" || call.kind === "touch" || call.replaces === undefined) return entry;
  const current = describeContent(call.replaces);
  return answer === `refused: ${current}` ? { ...entry, call: { kind: "read" }, answer: current } : entry;
}
