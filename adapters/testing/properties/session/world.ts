import process from "node:process";
import fc from "fast-check";
import {
  type Clock,
  isSessionError,
  SessionError,
  type SessionHandler,
  type SessionManager,
  type SessionManagerOptions,
} from "sessionwire";
import type { createGuardedHandler, SessionFormat } from "sessionwire/backend";
import { countTimers } from "../../count-timers.ts";
import { createReferenceHandler } from "../../reference-handler.ts";
import { type SimulatedNetwork, simulateNetwork } from "../../simulated-network.ts";
import { createVirtualClock, settled, type VirtualClock } from "../../virtual-clock.ts";
import { BrokenLaw, holds } from "../contract.ts";
import type { SessionLedger } from "./ledger.ts";

/**
 * Creates a session manager on a handler, in virtual time: `createSessionManager`, or a replacement for it.
 *
 * @public
 */
export type CreateManager = (options: {
  readonly handler: SessionHandler;
  readonly clock: Clock;
  readonly maxConflicts: number;
  readonly touchEverySeconds?: number;
  readonly idleTimeoutSeconds?: number;
  readonly lifetimeSeconds?: number;
  readonly users?: SessionManagerOptions["users"];
}) => SessionManager;

/** Returns the format in which the managers store sessions. */
export function formatOf(createManager: CreateManager): SessionFormat {
  const clock = createVirtualClock();
  return createManager({ handler: createReferenceHandler({ clock }), clock, maxConflicts: 1 }).format;
}

/**
 * The parts of a {@link SessionWorld}.
 *
 * @public
 */
export interface SessionWorldOptions {
  /** Creates the store that all processes share. @defaultValue `createReferenceHandler` */
  readonly createStore?: (clock: VirtualClock) => SessionHandler;
  /** Creates the handler of each process on its network. @defaultValue that of the core */
  readonly createGuardedHandler?: typeof createGuardedHandler;
}

/**
 * A process: several activities at the same time, each step by step.
 *
 * @public
 */
export interface ProcessPlan {
  /** The error for a lost message: a timeout, or a broken connection. */
  readonly lossesAre: "timeouts" | "broken connections";
  /** Maximum number of conflicts for one save. */
  readonly maxConflicts: number;
  /** Its activities. */
  readonly plans: readonly (readonly string[])[];
}

/**
 * A process on the network.
 *
 * @public
 */
export interface SessionProcess {
  /** The manager of the process. */
  readonly sessions: SessionManager;
  /** The number of calls made on its handler. */
  readonly calls: number;
  /** The number of writes among them. */
  readonly writes: number;
}

/**
 * Several processes on one store, each on its own network that delays and loses messages.
 *
 * @public
 */
export interface SessionWorld {
  /** The clock of all processes. */
  readonly clock: VirtualClock;
  /** A process whose network never fails. */
  readonly witness: SessionManager;
  /** Starts another process. */
  start(plan: Pick<ProcessPlan, "lossesAre" | "maxConflicts">): Promise<SessionProcess>;
  /**
   * Resolves when the given promises have settled and no process does anything any more; rejects if one of them rejects
   * or never settles.
   */
  settle(running: readonly Promise<unknown>[]): Promise<void>;
  /** Lets every message arrive from now on. */
  heal(): void;
  /** Closes all processes. */
  close(): Promise<void>;
  /** Runs a story, in which no rejection may go unhandled. A failure reports the history in the ledgers. */
  tell(ledgers: Iterable<Pick<SessionLedger, "history">>, story: () => Promise<void>): Promise<void>;
}

/** The deadline of every call, in ms. A message that takes longer still arrives, when nobody waits for it any more. */
const TIMEOUT_MS = 50;
/** Time for which a manager remembers its last snapshot, in ms. */
const REMEMBERED_MS = 1000;
/** More time than anything with a deadline takes, in ms. */
const PATIENCE_MS = 60_000;
/** Real time in ms for work in threads, such as hashing keys, which does not follow virtual time. */
const REAL_PATIENCE_MS = 1000;

/**
 * Generates the fates of the messages between the processes and their store, in the order in which they are sent: a
 * delay, `"lost"`, or `"refused"` if a call begins with it. Further messages arrive after a moment.
 *
 * @public
 */
export function messageFates(): fc.Arbitrary<string[]> {
  const fate = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("1 ms", "2 ms", "4 ms", "8 ms", "16 ms") },
    { weight: 2, arbitrary: fc.constantFrom("60 ms", "90 ms") },
    { weight: 2, arbitrary: fc.constant("lost") },
    { weight: 1, arbitrary: fc.constant("refused") },
  );
  return fc.array(fate, { maxLength: 40, size: "max" });
}

/**
 * Generates up to three processes, each with up to two activities that consist of these steps.
 *
 * @public
 */
export function processPlans(steps: fc.Arbitrary<string>): fc.Arbitrary<ProcessPlan[]> {
  const plan = fc.array(steps, { minLength: 1, maxLength: 7, size: "max" });
  const oneProcess = fc.record({
    lossesAre: fc.constantFrom("timeouts" as const, "broken connections" as const),
    maxConflicts: fc.constantFrom(100, 100, 100, 1),
    plans: fc.array(plan, { minLength: 1, maxLength: 2 }),
  });
  return fc.array(oneProcess, { minLength: 1, maxLength: 3 });
}

/**
 * Creates a world in which nothing has happened yet.
 *
 * @public
 */
export function createSessionWorld(
  createManager: CreateManager,
  fates: readonly string[],
  options: SessionWorldOptions = {},
): SessionWorld {
  const clock = createVirtualClock();
  const store = options.createStore?.(clock) ?? createReferenceHandler({ clock });
  const timers = countTimers(clock);
  const create = (handler: SessionHandler, maxConflicts: number) =>
    createManager({ handler, clock: timers.clock, maxConflicts });
  const witness = create(store, 100);
  const left = [...fates];
  const connections: Connection[] = [];
  const processes: SessionProcess[] = [];
  const noTimers = () => timers.pending() === 0;

  return {
    clock,
    witness,
    async start({ lossesAre, maxConflicts }) {
      const { createGuardedHandler } = options;
      const network = simulateNetwork({
        ...{ store, clock, timeoutMs: TIMEOUT_MS },
        ...(createGuardedHandler && { createGuardedHandler }),
      });
      const connected = network.handler.ping();
      await clock.advance(10);
      await connected;
      network.fate = () => messageOf(left.shift());
      const connection = new Connection(network, lossesAre, left);
      const process = Object.assign(connection, { sessions: create(connection.handler, maxConflicts) });
      connections.push(connection);
      processes.push(process);
      return process;
    },
    async settle(running) {
      const waiting = new Set(running);
      const failures: unknown[] = [];
      for (const promise of running) {
        promise.then(
          () => waiting.delete(promise),
          (error: unknown) => {
            failures.push(error);
            waiting.delete(promise);
          },
        );
      }
      await passUntil(clock, () => failures.length > 0 || (waiting.size === 0 && connections.every(isQuiet)));
      if (failures.length > 0) throw failures[0];
      holds(38, waiting.size === 0, "A call has not settled");
      // Messages for which nobody waits any more arrive, and a manager drops the snapshots that it remembers for a
      // moment.
      await clock.advance(REMEMBERED_MS);
      holds(70, noTimers(), "Nothing is under way, but timers are left");
    },
    async close() {
      for (const { sessions } of processes) await sessions.close();
      await witness.close();
      holds(70, noTimers(), "Everything is closed, but timers are left");
    },
    heal() {
      left.length = 0;
    },
    async tell(ledgers, story) {
      const unhandled: unknown[] = [];
      const note = (reason: unknown) => unhandled.push(reason);
      process.on("unhandledRejection", note);
      try {
        await story();
        holds(71, unhandled.length === 0, `A rejection was not handled: ${String(unhandled[0])}`);
      } catch (error) {
        throw withHistory(error, ledgers);
      } finally {
        process.removeListener("unhandledRejection", note);
      }
    },
  };
}

async function passUntil(clock: VirtualClock, isOver: () => boolean): Promise<void> {
  await settled();
  const giveUpAt = performance.now() + REAL_PATIENCE_MS;
  for (let passedMs = 0; !isOver() && passedMs < PATIENCE_MS; ) {
    if (clock.pending > 0) {
      await clock.advance(50);
      passedMs += 50;
    } else {
      await settled();
      if (performance.now() > giveUpAt) return;
    }
  }
}

function withHistory(error: unknown, ledgers: Iterable<Pick<SessionLedger, "history">>): unknown {
  const history = [...ledgers].map(({ history }) => history.join("\n")).join("\n\n");
  if (error instanceof BrokenLaw) error.message += `\n${history}`;
  else return new Error(`${String(error)}\n${history}`, { cause: error });
  return error;
}

function messageOf(fate = "1 ms"): { latencyMs: number; lost: boolean } {
  if (fate === "lost") return { latencyMs: 0, lost: true };
  return { latencyMs: fate === "refused" ? 1 : Number.parseInt(fate, 10), lost: false };
}

function isQuiet({ running }: Connection): boolean {
  return running === 0;
}

/** One connection at a time: messages under way on it are lost with it, and later ones wait for the next connection. */
class Connection {
  readonly handler: SimulatedNetwork["handler"];
  calls = 0;
  writes = 0;
  running = 0;
  readonly #lossesAre: ProcessPlan["lossesAre"];
  readonly #fates: string[];
  #connected: Promise<void> = Promise.resolve();

  constructor(network: SimulatedNetwork, lossesAre: ProcessPlan["lossesAre"], fates: string[]) {
    const { handler } = network;
    this.#lossesAre = lossesAre;
    this.#fates = fates;
    this.handler = {
      ...handler,
      read: (id, options) => this.#call(() => handler.read(id, options)),
      write: (id, data, options) => {
        this.writes += 1;
        return this.#call(() => handler.write(id, data, options));
      },
      touch: (id, ttlSeconds, options) => this.#call(() => handler.touch(id, ttlSeconds, options)),
      destroy: (id, options) => this.#call(() => handler.destroy(id, options)),
      reconnect: () => {
        network.silence();
        this.#connected = this.#connected.then(() => handler.reconnect());
        return this.#connected;
      },
    };
  }

  /** A loss may appear as a broken connection, after which a second read makes sense. */
  async #call<T>(run: () => Promise<T>): Promise<T> {
    this.calls += 1;
    this.running += 1;
    try {
      await this.#connected;
      if (this.#fates[0] === "refused") {
        this.#fates.shift();
        throw new SessionError("unavailable", "The store has refused it.", { outcome: "not-applied" });
      }
      return await run();
    } catch (error) {
      if (this.#lossesAre === "timeouts" || !isSessionError(error) || error.code !== "timeout") throw error;
      throw new SessionError("unavailable", "The connection broke.", { outcome: error.outcome });
    } finally {
      this.running -= 1;
    }
  }
}
