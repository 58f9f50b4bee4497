import assert from "node:assert/strict";
import fc from "fast-check";
import type { SessionHandler, StoredSession, Version } from "sessionwire";
import { createVirtualClock, type VirtualClock } from "sessionwire/testing";
import { bytes, type Subject, text } from "../laws/law.ts";

/** What a handler should hold, in the plainest terms. */
interface Model {
  timeMs: number;
  readonly sessions: Map<string, { data: string; version: Version; expiresAtMs: number }>;
  /** Every version that was ever seen, and what it stood for. */
  readonly versions: Map<Version, string>;
}

interface Real {
  readonly handler: SessionHandler;
  readonly clock: VirtualClock;
}

type Command = fc.AsyncCommand<Model, Real>;

const ids = fc.constantFrom("a", "A", "a ", "ab", "__proto__");
const ttls = fc.constantFrom(1, 2, 3, 60, 2_592_001, 2 ** 31 - 1);
const data = fc.constantFrom("", "x", "y", "null", "\u0000\r\n");
/** Which version a command uses: the current one, one that was current once, or none. */
const choices = fc.constantFrom("current", "current", "current", "earlier", "none");

/** Any sequence of calls behaves as on a map with expiry: laws 1, 2, 6 to 14, 16 to 20 and 22 to 26 in any combination. */
export function sequencesProperty(
  decorate: (subject: Subject, handler: SessionHandler, clock: VirtualClock) => SessionHandler,
) {
  return (subject: Subject) =>
    fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: "max" }), async (sequence) => {
      await fc.asyncModelRun(() => {
        const clock = createVirtualClock();
        const handler = decorate(subject, subject.createMemoryHandler({ clock }), clock);
        return { model: { timeMs: 0, sessions: new Map(), versions: new Map() }, real: { handler, clock } };
      }, sequence);
    });
}

const commands = [
  fc.tuple(ids, fc.option(ttls, { nil: undefined })).map(([id, ttlSeconds]) =>
    command(`read(${id}${ttlSeconds === undefined ? "" : `, ${ttlSeconds} s`})`, async (model, { handler }) => {
      const session = live(model, id);
      same(model, await handler.read(id, ttlSeconds === undefined ? {} : { ttlSeconds }), session);
      if (session && ttlSeconds !== undefined) session.expiresAtMs = model.timeMs + ttlSeconds * 1000;
    }),
  ),
  fc.tuple(ids, data, ttls, choices, fc.nat()).map(([id, content, ttlSeconds, choice, index]) =>
    command(`write(${id}, ${JSON.stringify(content)}, ${ttlSeconds} s, ${choice})`, async (model, { handler }) => {
      const session = live(model, id);
      const replaces = choose(model, session?.version, choice, index);
      const result = await handler.write(id, bytes(content), { replaces, ttlSeconds });
      assert.equal(result.written, session?.version === replaces, "written");
      if (!result.written) return same(model, result.current, session);
      assert.ok(!model.versions.has(result.version), "a version came back");
      model.versions.set(result.version, content);
      model.sessions.set(id, { data: content, version: result.version, expiresAtMs: model.timeMs + ttlSeconds * 1000 });
    }),
  ),
  fc.tuple(ids, ttls).map(([id, ttlSeconds]) =>
    command(`touch(${id}, ${ttlSeconds} s)`, async (model, { handler }) => {
      const session = live(model, id);
      assert.equal(await handler.touch(id, ttlSeconds), session !== undefined);
      if (session) session.expiresAtMs = model.timeMs + ttlSeconds * 1000;
    }),
  ),
  fc.tuple(ids, choices, fc.nat()).map(([id, choice, index]) =>
    command(`destroy(${id}, ${choice})`, async (model, { handler }) => {
      const session = live(model, id);
      const replaces = choose(model, session?.version, choice, index);
      const result = await handler.destroy(id, replaces === undefined ? {} : { replaces });
      const expected = session !== undefined && (replaces === undefined || replaces === session.version);
      assert.equal(result.destroyed, expected, "destroyed");
      if (result.destroyed) model.sessions.delete(id);
      else same(model, result.current, session);
    }),
  ),
  fc.constantFrom(1, 999, 1000, 1001, 3000, 60_000, 86_400_000).map((ms) =>
    command(`advance(${ms} ms)`, async (model, { clock }) => {
      await clock.advance(ms);
      model.timeMs += ms;
    }),
  ),
  fc
    .constantFrom(-86_400_000, 86_400_000)
    .map((ms) => command(`set the wall clock(${ms} ms)`, async (_, { clock }) => clock.setWallClock(ms))),
];

function command(name: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return { check: () => true, run, toString: () => name };
}

function live(model: Model, id: string) {
  const session = model.sessions.get(id);
  if (session && model.timeMs >= session.expiresAtMs) model.sessions.delete(id);
  return model.sessions.get(id);
}

function choose(model: Model, current: Version | undefined, choice: string, index: number): Version | undefined {
  if (choice === "none") return undefined;
  if (choice === "current") return current;
  const known = [...model.versions.keys()];
  return known[index % Math.max(1, known.length)];
}

function same(
  model: Model,
  found: StoredSession | undefined,
  session: { data: string; version: Version } | undefined,
): void {
  assert.equal(text(found?.data), session?.data);
  assert.equal(found?.version, session?.version);
  if (found) assert.equal(model.versions.get(found.version), text(found.data), "what the version stands for");
}
