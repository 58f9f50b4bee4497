import fc from "fast-check";
import type { ConnectionCheckOptions, NetworkedSessionHandler, SessionHandler } from "sessionwire";
import { countTimers } from "../count-timers.ts";
import { print } from "../print.ts";
import { type SimulatedNetwork, simulateNetwork } from "../simulated-network.ts";
import { createVirtualClock, settled, type VirtualClock } from "../virtual-clock.ts";
import { IssuedCall, type Limits } from "./connection-check/issued-call.ts";
import { createWitness, type Method, type Witness } from "./connection-check/witness.ts";
import { type Contract, type Step, type Story, stories } from "./contract.ts";

/**
 * The subject of the contract: `withConnectionCheck`, or a replacement for it.
 *
 * @public
 */
export type ConnectionCheck = (
  handler: NetworkedSessionHandler,
  options: Pick<ConnectionCheckOptions, "everySeconds" | "pingTimeoutMs" | "reconnectTimeoutMs" | "clock">,
) => SessionHandler;

const N = 20_000;
const timeouts = { pingTimeoutMs: 1000, reconnectTimeoutMs: 3000 };
const limits: Limits = { checkMs: timeouts.pingTimeoutMs + timeouts.reconnectTimeoutMs, operationMs: 5000 };

/** A checked handler on a network, and the witness of its calls. */
class Scene {
  readonly clock: VirtualClock = createVirtualClock();
  readonly network: SimulatedNetwork = simulateNetwork({ clock: this.clock, timeoutMs: limits.operationMs });
  readonly witness: Witness;
  readonly #handler: SessionHandler;
  readonly #calls = new Map<string, IssuedCall>();
  /** The timers of the check. */
  readonly #own = countTimers(this.clock);

  constructor(check: ConnectionCheck) {
    this.witness = createWitness(this.network.handler, this.clock, N, this.#calls);
    this.#handler = check(this.witness.handler, { everySeconds: N / 1000, ...timeouts, clock: this.#own.clock });
  }

  /** Makes a call. For every second one, its session exists. */
  call(method: Method = "write"): IssuedCall {
    const id = `call ${this.#calls.size}`;
    const call = new IssuedCall(method, id, this.clock, this.witness, limits);
    const data = new Uint8Array([this.#calls.size]);
    if (method !== "write" && this.#calls.size % 2 === 0) {
      void this.network.store.write(id, data, { replaces: undefined, ttlSeconds: 86_400 });
    }
    this.#calls.set(id, call);
    call.make(this.#handler);
    return call;
  }

  /** Called when nothing more happens until time passes: checks that everything has been right so far. */
  examine(): void {
    const isQuiet = !this.witness.isChecking && [...this.#calls.values()].every(({ outer }) => outer !== undefined);
    this.witness.complain(70, isQuiet && this.#own.pending() > 0, "No call is under way, and timers are left");
    this.witness.examine();
  }

  /** Gives everything its time, after which it must have settled. */
  async settle(): Promise<void> {
    Object.assign(this.network, { newConnections: "pass", loseReplies: false });
    await this.clock.advance(limits.checkMs + limits.operationMs);
    for (const call of this.#calls.values()) call.checkEnd();
    this.examine();
  }

  /** Makes a call after the connection has died, while nothing else is wrong. */
  async recover(): Promise<void> {
    this.network.silence();
    await this.clock.advance(N);
    const call = this.call();
    await this.clock.advance(timeouts.pingTimeoutMs + 10);
    const isFine = call.outer !== undefined && "result" in call.outer;
    this.witness.complain(60, !isFine, "The first call after the recovery has not succeeded");
    this.examine();
  }

  /** Closes the handler during a check for which a call waits. */
  async close(): Promise<void> {
    this.network.silence();
    await this.clock.advance(N);
    const waiting = this.call();
    await settled();
    this.witness.isClosed = true;
    const closing = this.#handler.close();
    await settled();
    this.witness.complain(68, waiting.outer === undefined, `${waiting.words} continues after the close`);
    this.call("touch");
    await this.settle();
    await closing;
  }
}

/**
 * Whatever happens to a connection, in any order, each call has the right outcome, and the check does exactly what it
 * must.
 *
 * @public
 */
export const connectionCheckContract: Contract<ConnectionCheck> = {
  name: "A connection check",
  laws: [32, 33, 34, 45, 46, 48, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 65, 66, 68, 69, 70],
  examples: () => [
    told("write and abort soon"),
    told(
      ...["write", "advance(1 ms)", "the machine sleeps", "advance(1 ms)", "write", "replies are lost"],
      ...["new connections: silent", `advance(${N} ms)`, "write"],
    ),
  ],
  property: (check) =>
    fc.asyncProperty(stories(steps, 30), async ({ steps }) => {
      const scene = new Scene(check);
      for (const step of steps) {
        await step.take(scene);
        await settled();
        scene.examine();
      }
      await scene.settle();
      await scene.recover();
      await scene.close();
    }),
};

const step = (words: string, take: Step<Scene>["take"]): Step<Scene> => ({ words, take });

const pauses = [1, 3, 500, 1500, 5000, N - 10, N, N + 5000].map((ms) =>
  step(`advance(${ms} ms)`, ({ clock }) => clock.advance(ms)),
);
const abortSoon = ({ clock }: Scene, call: IssuedCall): void => void clock.schedule(() => call.abort(), 1);
const calls = [
  ...(["write", "read", "touch", "destroy"] as const).map((method) => step(method, (scene) => void scene.call(method))),
  step("write three times", (scene) => void [scene.call(), scene.call(), scene.call()]),
  step("write and abort soon", (scene) => abortSoon(scene, scene.call())),
  step("read and abort soon", (scene) => abortSoon(scene, scene.call("read"))),
];
const losses = [
  step("the connection goes silent", ({ network }) => network.silence()),
  ...(["pass", "refuse", "silent"] as const).map((state) =>
    step(`new connections: ${state}`, ({ network }) => {
      network.newConnections = state;
    }),
  ),
];
const replies = [true, false].map((lost) =>
  step(`replies ${lost ? "are lost" : "arrive"}`, ({ network }) => {
    network.loseReplies = lost;
  }),
);
const clocks = [
  step("the clock is set back", ({ clock }) => clock.setWallClock(-3_600_000)),
  step("the clock is set ahead", ({ clock }) => clock.setWallClock(3_600_000)),
  step("the machine sleeps", ({ clock }) => clock.suspend(N)),
];

const steps: fc.Arbitrary<Step<Scene>> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...pauses) },
  { weight: 8, arbitrary: fc.constantFrom(...calls, ...calls.slice(0, 1)) },
  { weight: 4, arbitrary: fc.constantFrom(...losses, ...losses.slice(0, 1)) },
  { weight: 1, arbitrary: fc.constantFrom(...replies) },
  { weight: 1, arbitrary: fc.constantFrom(...clocks) },
);

/** Returns a story that once broke the contract. */
function told(...words: string[]): Story & { steps: Step<Scene>[] } {
  const all = [...pauses, ...calls, ...losses, ...replies, ...clocks];
  const steps = words.map((each) => {
    const found = all.find((step) => step.words === each);
    if (!found) throw new RangeError(`There is no step named ${print(each)}.`);
    return found;
  });
  return { steps, toString: () => words.join(", ") };
}
