import process from "node:process";
import type { SessionHandler, SessionManager } from "sessionwire";
import type { createGuardedHandler } from "sessionwire/backend";
import { countTimers } from "../../count-timers.ts";
import { createReferenceHandler } from "../../reference-handler.ts";
import { simulateNetwork } from "../../simulated-network.ts";
import { createVirtualClock, settled, type VirtualClock } from "../../virtual-clock.ts";
import { BrokenLaw, holds } from "../contract.ts";
import type { CreateManager } from "./create-manager.ts";
import type { SessionLedger } from "./ledger.ts";
import { messageOf, ProcessConnection } from "./process-connection.ts";
import type { ProcessPlan } from "./process-plans.ts";

/**
 * The parts of a {@link SessionWorld}.
 *
 * @public
 */
export interface SessionWorldOptions {
  /** Creates the store that all processes share. @defaultValue `createReferenceHandler` */
  readonly createStore?: (clock: VirtualClock) => SessionHandler;
  /** The function that creates the handler of each process on its network. @defaultValue that of the core */
  readonly createGuardedHandler?: typeof createGuardedHandler;
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
  const connections: ProcessConnection[] = [];
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
      const connection = new ProcessConnection(network, lossesAre, left);
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

function isQuiet({ running }: ProcessConnection): boolean {
  return running === 0;
}
