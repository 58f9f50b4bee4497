import fc from "fast-check";
import type { Version } from "sessionwire";
import type { WriteOptions } from "sessionwire/backend";
import { invalidIds, invalidTtls, payloads, ttls } from "../arbitraries.ts";
import type { Step } from "../contract.ts";
import { compare, HANDED_IN, HANDED_OUT, judge, latin1, look } from "./comparison.ts";
import { refuseId, refuseTtl } from "./refusals.ts";
import { choose, idAt, live, pass, type World } from "./world.ts";

/** The version that a step uses: the current one, an earlier one, or none. */
const choices = fc.constantFrom("current", "current", "current", "earlier", "none");
const places = fc.nat(1);

export const steps = (): fc.Arbitrary<Step<World>> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(places, fc.option(ttls(), { nil: undefined })).map(([place, ttl]) => read(place, ttl)),
    },
    {
      weight: 8,
      arbitrary: fc
        .tuple(places, choices, fc.nat(), payloads(), ttls())
        .map(([place, choice, index, data, ttl]) => write(place, choice, index, data, ttl)),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(places, payloads(), ttls()).map(([place, data, ttl]) => writeTwice(place, data, ttl)),
    },
    { weight: 3, arbitrary: fc.tuple(places, ttls()).map(([place, ttl]) => touch(place, ttl)) },
    {
      weight: 3,
      arbitrary: fc.tuple(places, choices, fc.nat()).map(([place, choice, index]) => destroy(place, choice, index)),
    },
    { weight: 5, arbitrary: fc.constantFrom(1, 999, 1000, 1001, 3000, 60_000, 2_592_000_000).map(advance) },
    { weight: 1, arbitrary: fc.tuple(places, invalidTtls()).map(([place, ttl]) => refuseTtl(place, ttl)) },
    { weight: 1, arbitrary: invalidIds().map(refuseId) },
  );

function read(place: number, ttlSeconds: number | undefined): Step<World> {
  return {
    words: `read(#${place}${ttlSeconds === undefined ? "" : `, ${ttlSeconds} s`})`,
    async take(world) {
      const id = idAt(world, place);
      const session = live(world, id);
      const found = await world.handler.read(id, ttlSeconds === undefined ? {} : { ttlSeconds });
      compare(world, id, found, 1);
      found?.data.fill(HANDED_OUT); // law 4: it is a copy
      if (!session) return;
      session.expiryLaw = 9;
      if (ttlSeconds !== undefined) session.expiresAtMs = world.timeMs + ttlSeconds * 1000;
    },
  };
}

function write(place: number, choice: string, index: number, bytes: Uint8Array, ttlSeconds: number): Step<World> {
  const what = { current: "over what is there", earlier: "over an earlier version", none: "to create" }[choice];
  return {
    words: `write(#${place}, ${ttlSeconds} s, ${what})`,
    take(world) {
      const id = idAt(world, place);
      return attempt(world, id, bytes, {
        replaces: choose(world, live(world, id)?.version, choice, index),
        ttlSeconds,
      });
    },
  };
}

/** A write that arrives twice, as on a network when a client resends. */
function writeTwice(place: number, bytes: Uint8Array, ttlSeconds: number): Step<World> {
  return {
    words: `write(#${place}, ${ttlSeconds} s, over what is there) that arrives twice`,
    async take(world) {
      const id = idAt(world, place);
      const options = { replaces: live(world, id)?.version, ttlSeconds };
      await attempt(world, id, bytes, options);
      await attempt(world, id, bytes, options, 25);
    },
  };
}

async function attempt(
  world: World,
  id: string,
  bytes: Uint8Array,
  options: WriteOptions,
  law?: number,
): Promise<void> {
  const { replaces, ttlSeconds } = options;
  const session = live(world, id);
  const data = new Uint8Array(bytes);
  const expected = session?.version === replaces;
  const writing = world.handler.write(id, data, options);
  data.fill(HANDED_IN); // law 5: it has been copied
  const result = await writing;
  const broken = law ?? lawOfWrite(world, id, replaces);
  judge(world, broken, result.written === expected, expected ? "A write was refused" : "A write was not refused");
  if (!result.written) {
    if (session) session.expiryLaw = 10;
    return compare(world, id, result.current, 10);
  }
  const text = latin1(bytes);
  const known = world.versions.get(result.version);
  judge(world, 23, known === undefined || known === text, "One version stands for two contents");
  world.versions.set(result.version, text);
  const times = { writtenAtMs: world.timeMs, expiresAtMs: world.timeMs + ttlSeconds * 1000 };
  const fresh = { data: text, version: result.version, ...times, replaced: session };
  world.sessions.set(id, session ? { ...fresh, expiryLaw: 8 } : fresh);
}

function lawOfWrite(world: World, id: string, replaces: Version | undefined): number {
  if (replaces === undefined) return 20;
  if (live(world, id)) return 19;
  return world.ended.get(id)?.how === "was destroyed" ? 18 : 22;
}

function touch(place: number, ttlSeconds: number): Step<World> {
  return {
    words: `touch(#${place}, ${ttlSeconds} s)`,
    async take(world) {
      const id = idAt(world, place);
      const session = live(world, id);
      const touched = await world.handler.touch(id, ttlSeconds);
      judge(world, session ? 12 : 13, touched === (session !== undefined), `A touch returned ${touched}`);
      if (session) Object.assign(session, { expiresAtMs: world.timeMs + ttlSeconds * 1000, expiryLaw: 12 });
      await look(world, id, session ? 14 : 13);
    },
  };
}

function destroy(place: number, choice: string, index: number): Step<World> {
  const what = { current: ", if it is what is there", earlier: ", if it is an earlier version", none: "" }[choice];
  return {
    words: `destroy(#${place}${what})`,
    async take(world) {
      const id = idAt(world, place);
      const session = live(world, id);
      const replaces = choose(world, session?.version, choice, index);
      const result = await world.handler.destroy(id, replaces === undefined ? {} : { replaces });
      const expected = session !== undefined && (replaces === undefined || replaces === session.version);
      judge(world, 17, result.destroyed === expected, `A destroy reported ${result.destroyed}`);
      if (result.destroyed) {
        world.sessions.delete(id);
        world.ended.set(id, { how: "was destroyed", law: 16 });
      } else compare(world, id, result.current, 17);
      await look(world, id, 16);
    },
  };
}

function advance(ms: number): Step<World> {
  return {
    words: `advance(${ms} ms)`,
    async take(world) {
      await pass(world, ms);
      const { lateMs = 0, earlyMs = 0 } = world.stage;
      // While it is uncertain whether a session still exists, nothing is checked, and more time passes.
      while (
        [...world.sessions.values()].some(({ expiresAtMs }) => isDoubtful(world.timeMs - expiresAtMs, earlyMs, lateMs))
      ) {
        await pass(world, lateMs + earlyMs);
      }
    },
  };
}

function isDoubtful(overdueMs: number, earlyMs: number, lateMs: number): boolean {
  return overdueMs >= -earlyMs && overdueMs < lateMs;
}
