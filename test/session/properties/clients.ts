import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { isSessionError, type SessionFormat, type SessionHandler, type SessionManager } from "sessionwire";
import { createVirtualClock, type SimulatedNetwork, simulateNetwork, type VirtualClock } from "sessionwire/testing";
import { type Subject, watch } from "../../laws/law.ts";
import type { FormatName, SessionSubject } from "../stage.ts";
import type { Ledger } from "./ledger.ts";

export type Parts = Subject & SessionSubject;

/** The deadline of every call. A message that takes longer arrives all the same, when nobody waits for it any more. */
const timeoutMs = 50;

/** What becomes of the messages, in the order in which they are sent; the rest take a moment and arrive. */
export const fates: fc.Arbitrary<string[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("1 ms", "2 ms", "4 ms", "8 ms", "16 ms") },
    { weight: 2, arbitrary: fc.constantFrom("60 ms", "90 ms") },
    { weight: 2, arbitrary: fc.constant("lost") },
  ),
  { maxLength: 40, size: "max" },
);

/** One process: several things that go on in it at the same time, each step by step. */
export interface ClientPlan {
  /** What it is told of a lost message: that time is up, or that the connection broke. */
  readonly lossesAre: "timeouts" | "broken connections";
  readonly maxConflicts: number;
  readonly plans: readonly (readonly string[])[];
}

export function clientPlans(steps: fc.Arbitrary<string>): fc.Arbitrary<ClientPlan[]> {
  const plan = fc.array(steps, { minLength: 1, maxLength: 7, size: "max" });
  const client = fc.record({
    lossesAre: fc.constantFrom("timeouts" as const, "broken connections" as const),
    maxConflicts: fc.constantFrom(100, 100, 100, 1),
    plans: fc.array(plan, { minLength: 1, maxLength: 2 }),
  });
  return fc.array(client, { minLength: 1, maxLength: 3 });
}

/** Several processes on one store, each on a network of its own that loses and delays messages. */
export interface World {
  readonly clock: VirtualClock;
  /** A process that is always well. */
  readonly witness: SessionManager;
  /** What one more process works with. */
  connect(client: Pick<ClientPlan, "lossesAre" | "maxConflicts">): Promise<SessionManager>;
  /** From now on every message arrives. */
  heal(): void;
}

export function createWorld(parts: Parts, formatName: FormatName, planned: readonly string[]): World {
  const clock = createVirtualClock();
  const store = parts.createMemoryHandler({ clock });
  const left = [...planned];

  const manager = (handler: SessionHandler, maxConflicts: number) =>
    parts.createSessionManager({ handler, format: createFormat(parts, formatName), maxConflicts, clock });

  return {
    clock,
    witness: manager(store, 100),
    async connect({ lossesAre, maxConflicts }) {
      const network = simulateNetwork({ createGuardedHandler: parts.createGuardedHandler, store, clock, timeoutMs });
      const connected = network.handler.ping();
      await clock.advance(10);
      await connected;
      network.fate = () => fateOf(left.shift() ?? "1 ms");
      return manager(connectionOf(parts, network, lossesAre), maxConflicts);
    },
    heal() {
      left.length = 0;
    },
  };
}

/** Runs a scene, in which no rejection may be left alone; tells what has happened when something was wrong with it. */
export async function inWorld(ledgers: Iterable<Ledger>, run: () => Promise<void>): Promise<void> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  try {
    await run();
    assert.deepEqual(unhandled, []);
  } catch (error) {
    const histories = [...ledgers].map(({ history }) => history.join("\n"));
    throw new Error(`${String(error)}\n${histories.join("\n\n")}`, { cause: error });
  } finally {
    process.removeListener("unhandledRejection", note);
  }
}

/** Lets pass more time than anything may take that is under way. */
export async function settle(clock: VirtualClock, running: readonly Promise<void>[]): Promise<void> {
  const watched = running.map((promise) => watch(promise));
  await clock.advance(60_000);
  for (const { state, error } of watched) {
    if (state === "rejected") throw error;
    assert.equal(state, "resolved", "something has not settled (law 38)");
  }
}

/** The keys of the native format, made without a pool of threads, of which virtual time knows nothing. */
export function createFormat(parts: Parts, formatName: FormatName): SessionFormat {
  if (formatName === "express") return parts.expressFormat();
  const keyOf = (id: string) => `session:${createHash("sha256").update(id).digest("base64url")}`;
  return { ...parts.nativeFormat(), keyOf };
}

function fateOf(fate: string): { latencyMs: number; lost: boolean } {
  return fate === "lost" ? { latencyMs: 0, lost: true } : { latencyMs: Number.parseInt(fate, 10), lost: false };
}

/** One connection at a time: what is on its way on it ends with it, and what comes meanwhile waits for the next one. */
function connectionOf(
  { SessionError }: Parts,
  network: SimulatedNetwork,
  lossesAre: ClientPlan["lossesAre"],
): SimulatedNetwork["handler"] {
  const { handler } = network;
  let connected: Promise<void> = Promise.resolve();
  return {
    ...handler,
    read: (id, options) => told(() => handler.read(id, options)),
    write: (id, data, options) => told(() => handler.write(id, data, options)),
    touch: (id, ttlSeconds, options) => told(() => handler.touch(id, ttlSeconds, options)),
    destroy: (id, options) => told(() => handler.destroy(id, options)),
    reconnect() {
      network.silence();
      connected = connected.then(() => handler.reconnect());
      return connected;
    },
  };

  /** A loss may show as a broken connection, after which a second look makes sense. */
  async function told<T>(run: () => Promise<T>): Promise<T> {
    await connected;
    try {
      return await run();
    } catch (error) {
      if (lossesAre === "timeouts" || !isSessionError(error) || error.code !== "timeout") throw error;
      throw new SessionError("unavailable", "The connection broke.", { outcome: error.outcome });
    }
  }
}
