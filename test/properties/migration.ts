import assert from "node:assert/strict";
import fc from "fast-check";
import type { Version, withMigration } from "sessionwire";
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

export type MigrationSubject = Subject & { readonly withMigration: typeof withMigration };

/** Several processes; what each does, one call after the other, all on one session. */
const processesOf = (moves: fc.Arbitrary<boolean>) =>
  fc.array(fc.record({ moves, plan: fc.array(kinds, { minLength: 1, maxLength: 4 }) }), { minLength: 2, maxLength: 3 });

const processes = fc.oneof(processesOf(fc.boolean()), processesOf(fc.constant(true)), processesOf(fc.constant(false)));

/**
 * Whatever is lost or late on the way to either store, and whoever moves the session meanwhile: to those who use it, it is one
 * session, of which no change is lost and which does not come back (laws 18, 22 and 30).
 */
export function migrationProperty(subject: MigrationSubject) {
  return fc.asyncProperty(processes, fc.boolean(), fc.oneof(fates, manyLost), async (plans, isThere, planned) => {
    const clock = createVirtualClock();
    const [from, to] = [1, 2].map(() => simulateNetwork({ ...partsOf(subject, clock), clock, timeoutMs: 50 })) as [
      SimulatedNetwork,
      SimulatedNetwork,
    ];
    const history = createHistory();
    const open = (moves: boolean) => history.record(subject.withMigration(from.handler, to.handler, { moves, clock }));
    const before = { replaces: undefined, ttlSeconds: 3600 };
    if (isThere) await history.record(from.store).write("s", bytes("before"), before);
    const left = [...planned];
    for (const network of [from, to]) network.fate = () => left.shift() ?? { latencyMs: 1, lost: false };

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
    for (const network of [from, to]) network.fate = undefined;
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
