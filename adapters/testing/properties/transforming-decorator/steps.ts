import fc from "fast-check";
import { SessionError, type SessionHandler, type StoredSession } from "sessionwire";
import { print } from "../../print.ts";
import { settled } from "../../virtual-clock.ts";
import { holds, type Step } from "../contract.ts";
import { anyId, type Call, calls, read, write, writes } from "./calls.ts";
import { type Content, contents, ids } from "./contents.ts";
import { expectAborted, expectNotEncoded, HANDED_IN, isAborted, isEqual } from "./expectations.ts";
import type { RunningCall, Scene } from "./scene.ts";

/** One of the two processes. */
const processes = fc.nat(1);

const errors = [
  () => new SessionError("overloaded", "Too much.", { outcome: "not-applied" }),
  () => new SessionError("unavailable", "Gone.", { outcome: "unknown" }),
  () => new Error("of somebody else"),
];

/** What may happen to a decorator that changes bytes. */
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
);

/** Everything is looked at in the end. */
export function looks(): Step<Scene>[] {
  return ids.map((id) => plain(read(id), 0));
}

function plain(call: Call, process: number): Step<Scene> {
  return step(call, `${call.words}${process === 0 ? "" : " by the other process"}`, async (scene, by) => {
    const running = scene.begin(call, by(process));
    const made = await scene.settle(running);
    const [, before] = running.args;
    const isSame = !(before instanceof Uint8Array) || isEqual(before, running.given[1] as Uint8Array); // as it was given
    holds(5, isSame, `${call.words} has changed the array that it was given`);
    call.expect(scene, made);
  });
}

/** The caller writes into its array while the call is under way. */
function reusing(call: Call, process: number): Step<Scene> {
  return step(call, `${call.words}, from an array that is used again at once`, async (scene, by) => {
    const running = scene.begin(call, by(process));
    (running.given[1] as Uint8Array).fill(HANDED_IN); // of a write
    call.expect(scene, await scene.settle(running));
  });
}

function failing(call: Call, place: number): Step<Scene> {
  const createError = errors[place % errors.length] as () => Error; // there are some
  return step(call, `${call.words} fails with ${print(createError().message)}`, async (scene, by) => {
    scene.store.fail(createError());
    call.expect(scene, await scene.make(call, by(0)));
    scene.store.behave();
  });
}

function abortedInside(call: Call): Step<Scene> {
  return step(call, `${call.words} aborted while the store is silent`, async (scene, by) => {
    scene.store.beSilent();
    const controller = new AbortController();
    const running = scene.begin(call, by(0), controller.signal);
    await scene.until(running, () => running.asked.length > 0 || running.hasSettled);
    await giveUp(scene, call, running, controller);
    scene.store.behave();
  });
}

function aborted(call: Call, turns: number): Step<Scene> {
  return step(call, `${call.words} aborted after ${turns} turns`, async (scene, by) => {
    const controller = new AbortController();
    const running = scene.begin(call, by(0), controller.signal);
    for (let turn = 0; turn < turns; turn += 1) await undefined;
    await giveUp(scene, call, running, controller);
    await settled(); // what goes on nevertheless shows
    scene.expectNothingLate();
  });
}

/** A call that is given up ends in the same turn, and nothing is sent any more. */
async function giveUp(scene: Scene, call: Call, running: RunningCall, controller: AbortController): Promise<void> {
  const reason = new Error("The visitor has left.");
  const [hadSettled, asked] = [running.hasSettled, running.asked.length];
  controller.abort(reason);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  holds(39, running.hasSettled, `${call.words} goes on when it has been aborted`);
  holds(39, running.asked.length === asked, `${call.words} is passed on when it has been aborted`);
  const made = await scene.conclude(running);
  if (!hadSettled && isAborted(made)) expectAborted(made, reason);
  else call.expect(scene, made);
}

/** Two writes, and then two reads, that get into each other's way. */
function atOnce([one, other]: readonly [Content, Content]): Step<Scene> {
  const writes = [write(ids[0], one), write(ids[1], other)];
  const reads = ids.map((id) => read(id));
  return {
    words: `${writes.map(({ words }) => words).join(" and ")}, and once more at once, and both read at once`,
    async take(scene) {
      for (const call of [...writes, ...reads]) call.expect(scene, await scene.make(call, scene.processes[0]));
      await together(scene, writes);
      await together(scene, reads);
    },
  };
}

/** Each by itself has been right. */
async function together(scene: Scene, calls: readonly Call[]): Promise<void> {
  const running = calls.map((call) => ({ call, underWay: scene.begin(call, scene.processes[0]) }));
  for (const { underWay } of running) await scene.until(underWay, () => underWay.hasSettled);
  for (const { call, underWay } of running) {
    const made = await scene.conclude(underWay);
    const asked = made.asked.filter(({ id }) => id === call.id);
    const { data } = Object(made.result) as Partial<StoredSession>; // what it answers, if that is a session
    const expected = scene.found(call.id ?? "")?.data;
    const isOwn = !data || !expected || isEqual(data, expected);
    holds(44, isOwn, `${made.words} answers ${print(data)} for ${print(expected)} where others call at the same time`);
    call.expect(scene, { ...made, asked });
  }
}

function withoutEncoding(call: Call): Step<Scene> {
  return {
    words: `${call.words} where it cannot be encoded`,
    async take(scene) {
      if (scene.failing) expectNotEncoded(await scene.make(call, scene.failing));
    },
  };
}

/** Somebody else has written, or the store has lost something. */
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

/** A listing is for handlers that list. */
function step(
  { method }: Call,
  words: string,
  take: (scene: Scene, by: (process: number) => SessionHandler) => Promise<void>,
): Step<Scene> {
  return {
    words,
    async take(scene) {
      const by = (process: number) => scene.processes[process % 2] as SessionHandler; // there are two
      if (method in by(0)) await take(scene, by);
    },
  };
}
