import fc from "fast-check";
import { isSessionError, type SessionHandler, type StoredSession, type Version } from "sessionwire";
import type { WriteOptions } from "sessionwire/backend";
import { type Remembering, rememberCalls } from "../laws/last-call.ts";
import { print } from "../print.ts";
import { confusableIds, invalidIds, invalidTtls, payloads, ttls } from "./arbitraries.ts";
import { type Contract, holds, type Step, type Story, stories } from "./contract.ts";

/**
 * A handler on an empty store, and its time.
 *
 * @public
 */
export interface HandlerStage {
  /** The handler under test; the contract closes it. */
  readonly handler: SessionHandler;
  /** Advances the store's time. */
  advance(ms: number): void | Promise<void>;
  /** Time that a session may outlive its time to live, in ms. @defaultValue 0 */
  readonly lateMs?: number;
  /**
   * Time that it may end early, in ms; on a store with its own clock, the time that a step may take. @defaultValue 0
   */
  readonly earlyMs?: number;
}

/** The expected state of a handler, in the simplest form. */
interface World extends Remembering<SessionHandler> {
  readonly stage: HandlerStage;
  readonly ids: readonly string[];
  timeMs: number;
  readonly sessions: Map<string, Session>;
  /** The reasons for the end of sessions that no longer exist. */
  readonly ended: Map<string, Ended>;
  /** Every version that was ever seen, and the data it stood for. */
  readonly versions: Map<Version, string>;
}

interface Session {
  readonly data: string;
  readonly version: Version;
  readonly writtenAtMs: number;
  expiresAtMs: number;
  /** The session that it replaced, if any. */
  readonly replaced: Session | undefined;
  /** The law that last affected its time to live, other than its creation. */
  expiryLaw?: number;
}

interface Ended {
  readonly how: "has expired" | "was destroyed";
  readonly law: number;
}

/** The fillings of arrays that were returned or passed in, by which a stored one is recognised. */
const HANDED_OUT = 0xdd;
const HANDED_IN = 0xee;

/**
 * Any sequence of calls on a handler behaves like calls on a map with expiry.
 *
 * @public
 */
export const sequentialContract: Contract<() => HandlerStage | Promise<HandlerStage>> = {
  name: "A handler, one call after the other",
  laws: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 22, 23, 24, 25, 26, 28],
  property: (createStage) =>
    fc.asyncProperty(fc.tuple(confusableIds(), stories(steps())).map(withIds), async ({ ids, steps }) => {
      const world = createWorld(await createStage(), ids);
      for (const step of steps) {
        await step.take(world);
        await world.stage.advance(0);
      }
      for (const id of ids) await look(world, id);
      await world.handler.close();
    }),
};

function createWorld(stage: HandlerStage, ids: readonly string[]): World {
  const history = { sessions: new Map(), ended: new Map(), versions: new Map() };
  return { stage, ...rememberCalls(stage.handler), ids, timeMs: 0, ...history };
}

/** At the end, both are read. */
function withIds([ids, story]: [readonly [string, string], Story & { steps: Step<World>[] }]) {
  const [a = "", b = ""] = ids.map(print);
  return {
    ids,
    steps: story.steps,
    toString: () =>
      `${story.steps.length > 0 ? `${story}, ` : ""}read(#0), read(#1)`
        .replaceAll("#0", () => a)
        .replaceAll("#1", () => b),
  };
}

/** The version that a step uses: the current one, an earlier one, or none. */
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

function refuseTtl(place: number, ttl: unknown): Step<World> {
  return {
    words: `all with the time to live ${print(ttl)}`,
    async take(world) {
      const { handler } = world;
      const id = idAt(world, place);
      const replaces = live(world, id)?.version;
      const ttlSeconds = ttl as number; // outside the type
      for (const call of [
        () => handler.read(id, { ttlSeconds }),
        () => handler.touch(id, ttlSeconds),
        () => handler.write(id, new Uint8Array(), { replaces, ttlSeconds }),
      ]) {
        const error = await rejection(call);
        judge(world, 11, error instanceof RangeError, "The call was not refused with a RangeError");
      }
      await look(world, id, 11);
    },
  };
}

function refuseId(id: unknown): Step<World> {
  return {
    words: `all with the id ${print(id)}`,
    async take(world) {
      const { handler } = world;
      const wrong = id as string; // outside the type, or outside the contract
      for (const call of [
        () => handler.read(wrong),
        () => handler.touch(wrong, 60),
        () => handler.write(wrong, new Uint8Array(), { replaces: undefined, ttlSeconds: 60 }),
        () => handler.destroy(wrong),
      ]) {
        const error = await rejection(call);
        const isRefused = isSessionError(error) && error.code === "invalid-id";
        judge(world, 28, isRefused, "The call was not refused with code invalid-id");
      }
    },
  };
}

async function look(world: World, id: string, law = 26): Promise<void> {
  compare(world, id, await world.handler.read(id), law);
}

/** The laws that are responsible themselves for the answers to their calls, and for the state afterwards. */
const own: readonly number[] = [10, 11, 13, 14, 17];

/** Compares the session found with the expected one. `law` is named unless another one explains the difference. */
function compare(world: World, id: string, found: StoredSession | undefined, law: number): void {
  const session = live(world, id);
  if (session === undefined) {
    if (found) complainOf(world, id, found, law);
    return;
  }
  const lawOfLife = world.timeMs === session.writtenAtMs ? 2 : (session.expiryLaw ?? 7);
  judge(world, own.includes(law) ? law : lawOfLife, found !== undefined, "A session is missing");
  if (!found) return;
  const data = latin1(found.data);
  judge(world, own.includes(law) ? law : lawOfBytes(found.data, session), data === session.data, "The bytes differ");
  judge(world, own.includes(law) ? law : 24, found.version === session.version, "The version differs");
}

function lawOfBytes(found: Uint8Array, { replaced }: Session): number {
  const isFilledWith = (filling: number) => found.length > 0 && found.every((byte) => byte === filling);
  if (isFilledWith(HANDED_OUT)) return 4;
  if (isFilledWith(HANDED_IN)) return 5;
  return latin1(found) === replaced?.data ? 2 : 3;
}

/** Complains about a session that should not exist. */
function complainOf(world: World, id: string, found: StoredSession, law: number): void {
  const isOthers = [...world.sessions.values()].some(({ version }) => version === found.version);
  const ended = world.ended.get(id);
  const lawOfAbsence = ended?.law ?? (isOthers ? 26 : 1);
  judge(world, law === 13 ? 13 : lawOfAbsence, false, `A session that ${ended?.how ?? "never was"} is there`);
}

/** Names the call that revealed it. */
function judge({ lastCall }: World, law: number, isTrue: boolean, says: string): void {
  if (!isTrue) holds(law, false, `${says}: ${lastCall()}`);
}

function live(world: World, id: string): Session | undefined {
  const session = world.sessions.get(id);
  if (session && world.timeMs >= session.expiresAtMs) {
    world.sessions.delete(id);
    world.ended.set(id, { how: "has expired", law: session.expiryLaw ?? 6 });
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

/** Returns a text of which each unit is one byte. */
function latin1(data: Uint8Array): string {
  return Array.from(data, (byte) => String.fromCharCode(byte)).join("");
}
