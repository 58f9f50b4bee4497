import fc from "fast-check";
import { isSessionError, type SessionHandler, type StoredSession, type Version } from "sessionwire";
import { confusableIds, invalidIds, invalidTtls, payloads, ttls } from "./arbitraries.ts";
import { type Contract, holds, type Step, type Story, shortId, stories } from "./contract.ts";

/**
 * A handler on a store that holds nothing yet, and its time.
 *
 * @public
 */
export interface HandlerStage {
  /** The handler that is looked at; the contract closes it. */
  readonly handler: SessionHandler;
  /** Lets the store's time pass. */
  advance(ms: number): void | Promise<void>;
  /** How much later than said a session may be gone. @defaultValue 0 */
  readonly lateMs?: number;
  /** How much earlier it may be gone; on a store with a clock of its own, what a step may take. @defaultValue 0 */
  readonly earlyMs?: number;
}

/** What a handler should hold, in the plainest terms. */
interface World {
  readonly stage: HandlerStage;
  readonly ids: readonly string[];
  timeMs: number;
  readonly sessions: Map<string, Session>;
  /** How the sessions have ended that are not there any more. */
  readonly ended: Map<string, "expired" | "destroyed">;
  /** Every version that was ever seen, and what it stood for. */
  readonly versions: Map<Version, string>;
}

interface Session {
  readonly data: string;
  readonly version: Version;
  readonly writtenAtMs: number;
  expiresAtMs: number;
}

/**
 * Any sequence of calls on a handler behaves as on a map with expiry: laws 1 to 14, 16 to 20, 22 to 26 and 28 in any combination.
 *
 * @public
 */
export const sequentialContract: Contract<() => HandlerStage | Promise<HandlerStage>> = {
  name: "A handler, one call after the other",
  property: (createStage) =>
    fc.asyncProperty(fc.tuple(confusableIds(), stories(steps())).map(withIds), async ({ ids, steps }) => {
      const stage = await createStage();
      const world: World = { stage, ids, timeMs: 0, sessions: new Map(), ended: new Map(), versions: new Map() };
      for (const step of steps) {
        await step.take(world);
        await stage.advance(0);
      }
      for (const id of ids) await look(world, id);
      await stage.handler.close();
    }),
};

/** In the end, both are read. */
function withIds([ids, story]: [readonly [string, string], Story & { steps: Step<World>[] }]) {
  const [a = "", b = ""] = ids.map(shortId);
  return {
    ids,
    steps: story.steps,
    toString: () =>
      `${story.steps.length > 0 ? `${story}, ` : ""}read(#0), read(#1)`.replaceAll("#0", a).replaceAll("#1", b),
  };
}

/** Which version a step uses: the current one, one that was current once, or none. */
const choices = fc.constantFrom("current", "current", "current", "earlier", "none");
const places = fc.nat(1);

const steps = (): fc.Arbitrary<Step<World>> =>
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
      const found = await world.stage.handler.read(id, ttlSeconds === undefined ? {} : { ttlSeconds });
      compare(world, id, found, "a read", 1);
      found?.data.fill(0xee); // law 4: it is a copy
      if (session && ttlSeconds !== undefined) session.expiresAtMs = world.timeMs + ttlSeconds * 1000;
    },
  };
}

function write(place: number, choice: string, index: number, bytes: Uint8Array, ttlSeconds: number): Step<World> {
  const what = { current: "over what is there", earlier: "over an earlier version", none: "to create" }[choice];
  return {
    words: `write(#${place}, ${ttlSeconds} s, ${what})`,
    async take(world) {
      const id = idAt(world, place);
      const session = live(world, id);
      const replaces = choose(world, session?.version, choice, index);
      const data = new Uint8Array(bytes);
      const expected = session?.version === replaces;
      const writing = world.stage.handler.write(id, data, { replaces, ttlSeconds });
      data.fill(0xee); // law 5: it has been copied
      const result = await writing;
      holds(
        replaces === undefined ? 20 : session ? 19 : 22,
        result.written === expected,
        expected ? "A write was refused" : "A write was not refused",
      );
      if (!result.written) return compare(world, id, result.current, "a refused write", 10);
      const text = latin1(bytes);
      const known = world.versions.get(result.version);
      holds(23, known === undefined || known === text, "A version stands for two contents");
      world.versions.set(result.version, text);
      const expiresAtMs = world.timeMs + ttlSeconds * 1000;
      world.sessions.set(id, { data: text, version: result.version, writtenAtMs: world.timeMs, expiresAtMs });
    },
  };
}

function touch(place: number, ttlSeconds: number): Step<World> {
  return {
    words: `touch(#${place}, ${ttlSeconds} s)`,
    async take(world) {
      const id = idAt(world, place);
      const session = live(world, id);
      const touched = await world.stage.handler.touch(id, ttlSeconds);
      holds(session ? 12 : 13, touched === (session !== undefined), `A touch said ${touched}`);
      if (session) session.expiresAtMs = world.timeMs + ttlSeconds * 1000;
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
      const result = await world.stage.handler.destroy(id, replaces === undefined ? {} : { replaces });
      const expected = session !== undefined && (replaces === undefined || replaces === session.version);
      holds(17, result.destroyed === expected, `A destroy said ${result.destroyed}`);
      if (result.destroyed) {
        world.sessions.delete(id);
        world.ended.set(id, "destroyed");
      } else compare(world, id, result.current, "a refused destroy", 17);
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
      // Where nobody can say whether a session is there still, nobody looks: some more time passes.
      while (
        [...world.sessions.values()].some(({ expiresAtMs }) => isDoubtful(world.timeMs - expiresAtMs, earlyMs, lateMs))
      ) {
        await pass(world, lateMs + earlyMs);
      }
    },
  };
}

function refuseTtl(place: number, ttl: unknown): Step<World> {
  return {
    words: `all with the time to live ${String(ttl)}`,
    async take(world) {
      const { handler } = world.stage;
      const id = idAt(world, place);
      const replaces = live(world, id)?.version;
      const ttlSeconds = ttl as number; // what the type forbids
      for (const call of [
        () => handler.read(id, { ttlSeconds }),
        () => handler.touch(id, ttlSeconds),
        () => handler.write(id, new Uint8Array(), { replaces, ttlSeconds }),
      ]) {
        const error = await rejection(call);
        holds(11, error instanceof RangeError, `The time to live ${String(ttl)} was not refused with a RangeError`);
      }
      await look(world, id, 11);
    },
  };
}

function refuseId(id: unknown): Step<World> {
  return {
    words: `all with the id ${JSON.stringify(id)?.slice(0, 20)}`,
    async take({ stage: { handler } }) {
      const wrong = id as string; // what the type forbids, or the contract
      for (const call of [
        () => handler.read(wrong),
        () => handler.touch(wrong, 60),
        () => handler.write(wrong, new Uint8Array(), { replaces: undefined, ttlSeconds: 60 }),
        () => handler.destroy(wrong),
      ]) {
        const error = await rejection(call);
        holds(28, isSessionError(error) && error.code === "invalid_id", "An id was not refused with code invalid_id");
      }
    },
  };
}

async function look(world: World, id: string, law = 26): Promise<void> {
  compare(world, id, await world.stage.handler.read(id), "a read", law);
}

/** Compares what was found with what should be there. `law` is the one that is at stake unless something else explains it. */
function compare(world: World, id: string, found: StoredSession | undefined, where: string, law: number): void {
  const session = live(world, id);
  if (session === undefined) {
    const how = world.ended.get(id);
    const isEmpty = found?.data.length === 0;
    const broken = how === "expired" ? 6 : how === "destroyed" ? 16 : isEmpty ? 1 : law;
    holds(
      broken,
      found === undefined,
      `A session that ${how === undefined ? "never was" : `was ${how}`} is there, says ${where}`,
    );
    return;
  }
  holds(world.timeMs > session.writtenAtMs ? 7 : 2, found !== undefined, `A session is missing, says ${where}`);
  if (!found) return;
  holds(3, latin1(found.data) === session.data, `The bytes are others, says ${where}`);
  holds(24, found.version === session.version, `The version is another, says ${where}`);
}

function live(world: World, id: string): Session | undefined {
  const session = world.sessions.get(id);
  if (session && world.timeMs >= session.expiresAtMs) {
    world.sessions.delete(id);
    world.ended.set(id, "expired");
  }
  return world.sessions.get(id);
}

async function pass(world: World, ms: number): Promise<void> {
  await world.stage.advance(ms);
  world.timeMs += ms;
}

function isDoubtful(overdueMs: number, earlyMs: number, lateMs: number): boolean {
  return overdueMs >= -earlyMs && overdueMs < lateMs;
}

function choose(world: World, current: Version | undefined, choice: string, index: number): Version | undefined {
  if (choice === "none") return undefined;
  if (choice === "current") return current;
  const known = [...world.versions.keys()];
  return known[index % Math.max(1, known.length)];
}

function idAt({ ids }: World, place: number): string {
  return ids[place] ?? "";
}

async function rejection(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A text of which each unit is one byte. */
function latin1(data: Uint8Array): string {
  return Array.from(data, (byte) => String.fromCharCode(byte)).join("");
}
