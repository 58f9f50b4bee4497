import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { Session, SessionHandler, SessionManager } from "sessionwire";
import { print } from "../print.ts";
import { createReferenceHandler } from "../reference-handler.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { type Contract, holds, type Story } from "./contract.ts";
import type { CreateManager } from "./session/create-manager.ts";

/**
 * A save keeps the changes of others: different changes commute, a late save applies to the data stored at that time,
 * and saving without changes has no effect.
 *
 * @public
 */
export const sessionMergeContract: Contract<CreateManager> = {
  name: "Sessions that are saved late",
  laws: [82, 85, 100],
  property: (createManager) =>
    fc.asyncProperty(fc.oneof(commutations, replays, identities), ({ check }) => check(createManager)),
};

interface MergeStory extends Story {
  check(createManager: CreateManager): Promise<void>;
}

/** A change that does not depend on stored data. */
interface Change {
  readonly kind: "set" | "delete" | "wrap" | "add" | "take";
  readonly name: string;
  readonly value: unknown;
}

const ours = fc.constantFrom("a", "b", "__proto__");
const theirs = fc.constantFrom("c", "constructor", "");
const all = fc.oneof(ours, theirs);

/** Two callers that have opened a session at the same time and change different parts of it may save in any order. */
const commutations: fc.Arbitrary<MergeStory> = fc
  .tuple(changes(all), changes(ours), changes(theirs))
  .map(([before, one, other]) => ({
    toString: () => `on ${describe(before)}, in either order: ${describe(one)} and ${describe(other)}`,
    async check(createManager) {
      const results = [];
      for (const isReversed of [false, true]) {
        const { here, there, id } = await given(createManager, before);
        const sessions = [await open(here, id), await open(there, id)];
        for (const [index, list] of [one, other].entries()) make(sessions[index], list);
        for (const session of isReversed ? sessions.reverse() : sessions) await session.save();
        results.push(contentOf(await open(here, id)));
      }
      holds(100, results[0] === results[1], `The result depends on the order: ${results.join(" or ")}`);
    },
  }));

/**
 * If two callers have opened a session at the same time, the later one saves as if it had opened it after the other's
 * save. Removing messages removes exactly those that were seen.
 */
const replays: fc.Arbitrary<MergeStory> = fc
  .tuple(changes(all), changes(all), changes(all, ["set", "set", "delete", "wrap", "add"]))
  .map(([before, one, other]) => ({
    toString: () => `on ${describe(before)}, after ${describe(one)}: ${describe(other)}`,
    async check(createManager) {
      const results: string[] = [];
      for (const isEarly of [false, true]) {
        const { here, there, id } = await given(createManager, before);
        const early = isEarly ? await open(there, id) : undefined;
        const session = await open(here, id);
        make(session, one);
        await session.save();
        const another = early ?? (await open(there, id));
        make(another, other);
        await another.save();
        results.push(contentOf(await open(here, id)));
        const shown = other.length > 0 ? contentOf(another) : results[0];
        holds(85, shown === results[0], `A save shows ${shown}, not ${results[0]}`);
      }
      holds(100, results[0] === results[1], `Opened before, it saves ${results[1]}, not ${results[0]}`);
    },
  }));

/** Saving without changes has no effect: stored data is neither written again nor shown differently. */
const identities: fc.Arbitrary<MergeStory> = fc.tuple(changes(all), changes(all)).map(([before, discarded]) => ({
  toString: () => `on ${describe(before)}, discarded: ${describe(discarded)}`,
  async check(createManager) {
    const { here, handler, id } = await given(createManager, before);
    const session = await open(here, id);
    const key = await here.format.keyOf(id);
    const [content, stored] = [contentOf(session), await handler.read(key)];
    make(session, discarded);
    session.discard();
    await session.save();
    holds(100, contentOf(session) === content, `A session shows ${contentOf(session)}, not ${content}`);
    holds(100, contentOf(await open(here, id)) === content, "Discarded changes have been saved");
    holds(82, isDeepStrictEqual(await handler.read(key), stored), "An unchanged session has been written");
    holds(82, !session.isChanged, "A session without changes says that it is changed");
  },
}));

function changes(
  names: fc.Arbitrary<string>,
  kinds: readonly Change["kind"][] = ["set", "set", "delete", "wrap", "add", "take"],
): fc.Arbitrary<Change[]> {
  const value = fc.jsonValue({ maxDepth: 2 }).map((json): unknown => JSON.parse(JSON.stringify(json)));
  return fc.array(fc.record({ kind: fc.constantFrom(...kinds), name: names, value }), { maxLength: 6 });
}

function describe(list: readonly Change[]): string {
  if (list.length === 0) return "nothing";
  return list.map(({ kind, name, value }) => `${kind}(${print(name)}, ${print(value)})`).join(" ");
}

async function given(
  createManager: CreateManager,
  before: readonly Change[],
): Promise<{ here: SessionManager; there: SessionManager; handler: SessionHandler; id: string }> {
  const clock = createVirtualClock();
  const handler = createReferenceHandler({ clock });
  const [here, there] = [
    createManager({ handler, clock, maxConflicts: 100 }),
    createManager({ handler, clock, maxConflicts: 100 }),
  ];
  const session = await here.create();
  session.set("known", true);
  make(session, before);
  await session.save();
  return { here, there, handler, id: session.id };
}

function make(session: Session | undefined, list: readonly Change[]): void {
  for (const { kind, name, value } of list) {
    if (kind === "set") session?.set(name, value);
    if (kind === "delete") session?.delete(name);
    if (kind === "wrap") session?.update(name, (current = null) => [current, value]);
    if (kind === "add") session?.flash.add(name, value);
    if (kind === "take") session?.flash.take(name);
  }
}

/** Returns attributes and messages; the order of their names means nothing. */
function contentOf(session: Session): string {
  const attributes = session.names().map((name) => [name, session.copy(name)] as const);
  const messages = session.flash.types().map((type) => [type, session.flash.peek(type)] as const);
  return JSON.stringify([sorted(attributes), sorted(messages)]);
}

function sorted<Value>(entries: (readonly [string, Value])[]): (readonly [string, Value])[] {
  return entries.sort(([one], [other]) => (one < other ? -1 : 1));
}

async function open(sessions: SessionManager, id: string): Promise<Session> {
  const session = await sessions.open(id);
  if (session === undefined) throw new Error("A session is gone although nobody has ended it.");
  return session;
}
