import fc from "fast-check";
import { SessionError, type StoredSession } from "sessionwire";
import { print } from "../../print.ts";
import { holds, type Step } from "../contract.ts";
import { anyId, begin, type Call, calls, make, read, write, writes } from "./calls.ts";
import { type Content, contents, ids } from "./contents.ts";
import { expectNotEncoded, HANDED_IN, isEqual } from "./expectations.ts";
import { changeKeys, moveBytes, storePlain } from "./foreign-bytes.ts";
import { aborted, abortedInside } from "./giving-up.ts";
import type { Scene } from "./scene.ts";
import { step } from "./step.ts";

/** One of the two processes. */
const processes = fc.nat(1);

const errors = [
  () => new SessionError("overloaded", "Too much.", { outcome: "not-applied" }),
  () => new SessionError("unavailable", "Gone.", { outcome: "unknown" }),
  () => new Error("of somebody else"),
];

/** Generates the events of a story. */
export const steps: fc.Arbitrary<Step<Scene>> = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(calls, processes).map(([call, process]) => plain(call, process)) },
  { weight: 2, arbitrary: fc.tuple(writes, processes).map(([call, process]) => reusing(call, process)) },
  { weight: 2, arbitrary: fc.tuple(calls, fc.nat(2)).map(([call, error]) => failing(call, error)) },
  { weight: 1, arbitrary: calls.map(abortedInside) },
  { weight: 2, arbitrary: fc.tuple(calls, fc.nat(12)).map(([call, turns]) => aborted(call, turns)) },
  { weight: 1, arbitrary: fc.tuple(contents, contents).map(atOnce) },
  { weight: 1, arbitrary: writes.map(withoutEncoding) },
  { weight: 1, arbitrary: anyId.map(damage) },
  { weight: 2, arbitrary: calls.map(afterDamage) },
  { weight: 1, arbitrary: fc.nat(1).map(moveBytes) },
  { weight: 1, arbitrary: anyId.map(storePlain) },
  { weight: 1, arbitrary: fc.tuple(anyId, fc.tuple(contents, contents)).map((parts) => changeKeys(...parts)) },
);

/** Returns the steps that check everything at the end. */
export function looks(): Step<Scene>[] {
  return ids.map((id) => plain(read(id), 0));
}

function plain(call: Call, process: number): Step<Scene> {
  return step(call, `${call.words}${process === 0 ? "" : " by the other process"}`, async (scene, by) => {
    const running = begin(call, scene, by(process));
    const made = await scene.settle(running);
    const [, before] = running.args;
    const isSame = !(before instanceof Uint8Array) || isEqual(before, running.given[1] as Uint8Array); // as it was given
    holds(5, isSame, `${call.words} has changed the array that it was given`);
    call.expect(scene, made);
  });
}

/** The caller overwrites its array while the call is under way. */
function reusing(call: Call, process: number): Step<Scene> {
  return step(call, `${call.words}, from an array that is used again at once`, async (scene, by) => {
    const running = begin(call, scene, by(process));
    (running.given[1] as Uint8Array).fill(HANDED_IN); // of a write
    call.expect(scene, await scene.settle(running));
  });
}

function failing(call: Call, place: number): Step<Scene> {
  const createError = errors[place % errors.length] as () => Error; // there are some
  return step(call, `${call.words} fails with ${print(createError().message)}`, async (scene, by) => {
    scene.store.fail(createError());
    call.expect(scene, await make(call, scene, by(0)));
    scene.store.behave();
  });
}

/** Two overlapping writes, and then two overlapping reads. */
function atOnce([one, other]: readonly [Content, Content]): Step<Scene> {
  const writes = [write(ids[0], one), write(ids[1], other)];
  const reads = ids.map((id) => read(id));
  return {
    words: `${writes.map(({ words }) => words).join(" and ")}, and once more at once, and both read at once`,
    async take(scene) {
      for (const call of [...writes, ...reads]) call.expect(scene, await make(call, scene, scene.processes[0]));
      await together(scene, writes);
      await together(scene, reads);
    },
  };
}

/** each is correct by itself */
async function together(scene: Scene, calls: readonly Call[]): Promise<void> {
  const running = calls.map((call) => ({ call, underWay: begin(call, scene, scene.processes[0]) }));
  for (const { underWay } of running) await scene.until(underWay, () => underWay.hasSettled);
  for (const { call, underWay } of running) {
    const made = await scene.conclude(underWay);
    const asked = made.asked.filter(({ id }) => id === call.id);
    const { data } = Object(made.result) as Partial<StoredSession>; // the session in its answer, if any
    const expected = scene.found(call.id ?? "")?.data;
    const isOwn = !data || !expected || isEqual(data, expected);
    holds(44, isOwn, `${made.words} returns ${print(data)} for ${print(expected)} while others call at the same time`);
    call.expect(scene, { ...made, asked });
  }
}

function withoutEncoding(call: Call): Step<Scene> {
  return {
    words: `${call.words} while it cannot be encoded`,
    async take(scene) {
      if (scene.failing) expectNotEncoded(await make(call, scene, scene.failing));
    },
  };
}

/** Another program has written, or the store has lost data. */
function damage(id: string): Step<Scene> {
  return {
    words: `damage(${print(id)})`,
    take({ store, subject: { damage = flipAll }, contents }) {
      const entry = store.entries.get(id);
      if (!entry || contents.get(entry.version) === undefined) return;
      const damaged = damage(entry.data.slice());
      if (!isEqual(damaged, entry.data)) contents.set(store.put(id, damaged), undefined);
    },
  };
}

function afterDamage(call: Call): Step<Scene> {
  const { words, take } = damage(call.id ?? ids[0]);
  return {
    words: `${words}, ${call.words}`,
    async take(scene) {
      await take(scene);
      await plain(call, 0).take(scene);
    },
  };
}

function flipAll(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => ~byte);
}
