import assert from "node:assert/strict";
import fc from "fast-check";
import type { Session, SessionManager } from "sessionwire";
import { createVirtualClock } from "sessionwire/testing";
import { createFormat, type FormatName, type Parts } from "./parts.ts";

/** A change that depends on nothing but what is there. */
interface Change {
  readonly kind: "set" | "delete" | "wrap" | "add" | "take";
  readonly name: string;
  readonly value: unknown;
}

const ours = fc.constantFrom("a", "b", "__proto__");
const theirs = fc.constantFrom("c", "constructor", "");
const all = fc.oneof(ours, theirs);

function changes(names: fc.Arbitrary<string>): fc.Arbitrary<Change[]> {
  const value = fc.jsonValue({ maxDepth: 2 }).map((json): unknown => JSON.parse(JSON.stringify(json)));
  const kind = fc.constantFrom("set", "set", "delete", "wrap", "add", "take");
  return fc.array(fc.record({ kind, name: names, value }), { maxLength: 6 });
}

/** Two that have opened a session at the same time and change different things of it may save in any order. */
export function commutationProperty(format: FormatName) {
  return (parts: Parts) =>
    fc.asyncProperty(changes(all), changes(ours), changes(theirs), async (before, one, other) => {
      const results = [];
      for (const order of [0, 1]) {
        const { ours, theirs, id } = await given(parts, format, before);
        const [session, another] = [await open(ours, id), await open(theirs, id)];
        make(session, one);
        make(another, other);
        for (const next of order === 0 ? [session, another] : [another, session]) await next.save();
        results.push(contentOf(await open(ours, id)));
      }
      assert.deepEqual(results[0], results[1]);
    });
}

/** Of two that have opened a session at the same time, the later one saves as if it had opened it after the other's save. */
export function replayProperty(format: FormatName) {
  // What removes messages removes those that were seen, and those only.
  const isOfAttributes = ({ kind }: Change) => kind !== "take";
  const plain = changes(all).map((list) => list.filter(isOfAttributes));
  return (parts: Parts) =>
    fc.asyncProperty(changes(all), changes(all), plain, async (before, one, other) => {
      const results = [];
      for (const isEarly of [false, true]) {
        const { ours, theirs, id } = await given(parts, format, before);
        const early = isEarly ? await open(theirs, id) : undefined;
        const session = await open(ours, id);
        make(session, one);
        await session.save();
        const another = early ?? (await open(theirs, id));
        make(another, other);
        await another.save();
        results.push(contentOf(await open(ours, id)));
        if (other.length > 0) assert.deepEqual(contentOf(another), results[0]);
      }
      assert.deepEqual(results[0], results[1]);
    });
}

/** No change is none: what is stored is not written again, nor does it look different. */
export function identityProperty(format: FormatName) {
  return (parts: Parts) =>
    fc.asyncProperty(changes(all), changes(all), async (before, discarded) => {
      const { ours, id } = await given(parts, format, before);
      const session = await open(ours, id);
      const key = await ours.format.keyOf(id);
      const [content, stored] = [contentOf(session), await ours.handler.read(key)];
      make(session, discarded);
      session.discard();
      await session.save();
      assert.equal(session.isChanged, false);
      assert.deepEqual(contentOf(session), content);
      assert.deepEqual(await ours.handler.read(key), stored);
      assert.deepEqual(contentOf(await open(ours, id)), content);
    });
}

async function given(
  parts: Parts,
  formatName: FormatName,
  before: readonly Change[],
): Promise<{ ours: SessionManager; theirs: SessionManager; id: string }> {
  const clock = createVirtualClock();
  const handler = parts.createMemoryHandler({ clock });
  const manager = () => parts.createSessionManager({ handler, format: createFormat(parts, formatName), clock });
  const [ours, theirs] = [manager(), manager()];
  const session = await ours.create();
  session.set("known", true);
  make(session, before);
  await session.save();
  return { ours, theirs, id: session.id };
}

function make(session: Session, list: readonly Change[]): void {
  for (const { kind, name, value } of list) {
    if (kind === "set") session.set(name, value);
    if (kind === "delete") session.delete(name);
    if (kind === "wrap") session.update(name, (current = null) => [current, value]);
    if (kind === "add") session.flash.add(name, value);
    if (kind === "take") session.flash.take(name);
  }
}

function contentOf(session: Session) {
  const attributes = session.names().map((name) => [name, session.copy(name)] as const);
  const messages = session.flash.types().map((type) => [type, JSON.stringify(session.flash.peek(type))] as const);
  return { attributes: sorted(attributes), messages: sorted(messages) };
}

/** Their order means nothing. */
function sorted<Value>(entries: (readonly [string, Value])[]): (readonly [string, Value])[] {
  return entries.sort(([one], [other]) => (one < other ? -1 : 1));
}

async function open(sessions: SessionManager, id: string): Promise<Session> {
  const session = await sessions.open(id);
  assert.ok(session);
  return session;
}
