import type { SessionHandler, Version } from "sessionwire";
import { type Remembering, rememberCalls } from "../../laws/last-call.ts";

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
export interface World extends Remembering<SessionHandler> {
  readonly stage: HandlerStage;
  readonly ids: readonly string[];
  timeMs: number;
  readonly sessions: Map<string, Session>;
  /** The reasons for the end of sessions that no longer exist. */
  readonly ended: Map<string, Ended>;
  /** Every version that was ever seen, and the data it stood for. */
  readonly versions: Map<Version, string>;
}

export interface Session {
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

export function createWorld(stage: HandlerStage, ids: readonly string[]): World {
  const history = { sessions: new Map(), ended: new Map(), versions: new Map() };
  return { stage, ...rememberCalls(stage.handler), ids, timeMs: 0, ...history };
}

export function live(world: World, id: string): Session | undefined {
  const session = world.sessions.get(id);
  if (session && world.timeMs >= session.expiresAtMs) {
    world.sessions.delete(id);
    world.ended.set(id, { how: "has expired", law: session.expiryLaw ?? 6 });
  }
  return world.sessions.get(id);
}

export async function pass(world: World, ms: number): Promise<void> {
  await world.stage.advance(ms);
  world.timeMs += ms;
}

export function choose(world: World, current: Version | undefined, choice: string, index: number): Version | undefined {
  if (choice === "none") return undefined;
  if (choice === "current") return current;
  const known = [...world.versions.keys()];
  return known[index % Math.max(1, known.length)];
}

export function idAt({ ids }: World, place: number): string {
  return ids[place] ?? "";
}
