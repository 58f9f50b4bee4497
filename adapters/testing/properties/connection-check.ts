import fc from "fast-check";
import {
  type ConnectionCheckOptions,
  isSessionError,
  type NetworkedSessionHandler,
  type SessionHandler,
} from "sessionwire";
import { text } from "../laws/law.ts";
import { type SimulatedNetwork, simulateNetwork } from "../simulated-network.ts";
import { createVirtualClock, settled, type VirtualClock } from "../virtual-clock.ts";
import { type Contract, holds, type Step, type Story, stories } from "./contract.ts";

/**
 * What the contract looks at: `withConnectionCheck`, or what takes its place.
 *
 * @public
 */
export type ConnectionCheck = (
  handler: NetworkedSessionHandler,
  options: Pick<ConnectionCheckOptions, "everySeconds" | "pingTimeoutMs" | "reconnectTimeoutMs" | "clock">,
) => SessionHandler;

const N = 20_000;
const limits = { pingTimeoutMs: 1000, reconnectTimeoutMs: 3000, operationTimeoutMs: 5000 };

/** One checked handler on a network, and what was seen of it. */
interface Scene {
  readonly clock: VirtualClock;
  readonly network: SimulatedNetwork;
  readonly calls: Noted[];
  call(abortSoon?: boolean): Noted;
}

interface Noted {
  readonly id: string;
  settledWithinMs?: number;
  result?: string;
}

/**
 * Whatever happens to a connection, in any order, the check keeps its laws: 45, 46, 48, 50, 52, 54, 56, 59 to 61, 64 to 66 and 70.
 *
 * @public
 */
export const connectionCheckContract: Contract<ConnectionCheck> = {
  name: "A connection check",
  examples: () => [
    told("call and abort soon"),
    told(
      ...["call", "advance(1 ms)", "the machine sleeps", "advance(1 ms)", "call", "replies are lost"],
      ...["new connections: silent", `advance(${N} ms)`, "call"],
    ),
  ],
  property: (check) =>
    fc.asyncProperty(stories(steps, 30), async ({ steps }) => {
      const clock = createVirtualClock();
      const network = simulateNetwork({ clock, timeoutMs: limits.operationTimeoutMs });
      const witness = createWitness(network.handler, clock);
      const { pingTimeoutMs, reconnectTimeoutMs } = limits;
      const handler = check(witness.handler, { everySeconds: N / 1000, pingTimeoutMs, reconnectTimeoutMs, clock });
      const calls: Noted[] = [];
      const call = (abortSoon = false) => makeCall(handler, witness, clock, calls, abortSoon);

      for (const step of steps) {
        await step.take({ clock, network, calls, call });
        await settled();
      }
      Object.assign(network, { newConnections: "pass", loseReplies: false });
      await clock.advance(pingTimeoutMs + reconnectTimeoutMs + limits.operationTimeoutMs);
      for (const { id, settledWithinMs = Number.POSITIVE_INFINITY } of calls) {
        const mostMs = pingTimeoutMs + reconnectTimeoutMs + (witness.wasSent(id) ? limits.operationTimeoutMs : 0);
        holds(59, settledWithinMs <= mostMs, `${id} took ${settledWithinMs} ms`);
      }
      holds(70, clock.pending === 0, "Timers are left");

      network.silence();
      await clock.advance(N);
      const last = call();
      await clock.advance(pingTimeoutMs + 10);
      holds(60, last.result === "success", `The first call after all is well again: ${last.result ?? "no answer"}`);
      witness.examine();
      await handler.close();
    }),
};

function makeCall(
  handler: SessionHandler,
  witness: ReturnType<typeof createWitness>,
  clock: VirtualClock,
  calls: Noted[],
  abortSoon: boolean,
): Noted {
  const id = `call ${calls.length}`;
  const startedAt = clock.monotonic();
  const noted: Noted = { id };
  calls.push(noted);
  const abortion = new AbortController();
  witness.issued(id);
  const end = (result: string) => Object.assign(noted, { result, settledWithinMs: clock.monotonic() - startedAt });
  const options = { replaces: undefined, ttlSeconds: 86_400, signal: abortion.signal };
  handler.write(id, new TextEncoder().encode(id), options).then(
    (result) => end(witness.isAnswer(id, result) ? "success" : "an answer that the handler inside has not given"),
    (error: unknown) => end(isSessionError(error) ? error.code : String(error)),
  );
  if (abortSoon) {
    clock.schedule(() => {
      abortion.abort();
      if (noted.result === undefined) witness.aborted(id);
    }, 1);
  }
  return noted;
}

const step = (words: string, take: Step<Scene>["take"]): Step<Scene> => ({ words, take });

const pauses = [1, 3, 500, 1500, 5000, N - 10, N, N + 5000].map((ms) =>
  step(`advance(${ms} ms)`, ({ clock }) => clock.advance(ms)),
);
const calls = [
  step("call", ({ call }) => void call()),
  step("call three times", ({ call }) => void [call(), call(), call()]),
  step("call and abort soon", ({ call }) => void call(true)),
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

/** A story that once broke the contract. */
function told(...words: string[]): Story & { steps: Step<Scene>[] } {
  const all = [...pauses, ...calls, ...losses, ...replies, ...clocks];
  const steps = words.flatMap((each) => all.filter((step) => step.words === each));
  return { steps, toString: () => words.join(", ") };
}

/** Stands between the check and the network, and knows at each moment what the laws allow. */
function createWitness(inner: NetworkedSessionHandler, clock: VirtualClock) {
  let lastSign: { now: number; monotonic: number } | undefined;
  let suspected = false;
  let generation = 0;
  let checking: "ping" | "reconnect" | undefined;
  let pingFailed = false;
  let checks = 0;
  const complaints: { readonly law: number; readonly says: string }[] = [];
  const answers = new Map<string, unknown>();
  const issues = new Map<string, { wasDue: boolean; checks: number }>();
  const started = new Set<string>();
  const abortedBeforehand = new Set<string>();

  const handler: NetworkedSessionHandler = {
    ...inner,
    write: (id, data, options) => {
      const issue = issues.get(id);
      complain(54, started.has(id), `${id} was passed on twice`);
      complain(66, abortedBeforehand.has(id), `${id} was sent after it had been aborted`);
      complain(45, isIdle(), `${id} was sent on an idle connection`);
      complain(61, issue?.wasDue === true && issue.checks === checks, `${id} was sent without a check`);
      complain(
        57,
        text(data) !== id || options.ttlSeconds !== 86_400 || !options.signal,
        `${id} was passed on changed`,
      );
      started.add(id);
      lastSign ??= { now: clock.now(), monotonic: clock.monotonic() }; // of a connection that is being opened
      return observe(generation, async () => {
        const result = await inner.write(id, data, options);
        answers.set(id, result);
        return result;
      });
    },
    ping: (options) => {
      complain(46, !isDue(), "A ping was not due");
      return check("ping", options?.signal, () => inner.ping(options));
    },
    reconnect: (options) => {
      complain(52, !pingFailed, "A reconnection came without a failed ping");
      return check("reconnect", options?.signal, () => inner.reconnect(options));
    },
  };

  return {
    handler,
    issued: (id: string) => issues.set(id, { wasDue: isDue(), checks }),
    aborted(id: string) {
      if (!started.has(id)) abortedBeforehand.add(id);
    },
    wasSent: (id: string) => started.has(id),
    isAnswer: (id: string, result: unknown) => answers.get(id) === result,
    examine() {
      for (const { law, says } of complaints) holds(law, false, says);
    },
  };

  async function check(
    kind: "ping" | "reconnect",
    signal: AbortSignal | undefined,
    run: () => Promise<void>,
  ): Promise<void> {
    complain(50, checking !== undefined, `A ${kind} came during a ${checking}`);
    checking = kind;
    const before = generation;
    let over = false;
    const end = (succeeded: boolean) => {
      if (over) return;
      over = true;
      checking = undefined;
      pingFailed = kind === "ping" && !succeeded;
      if (!succeeded) suspected = true;
      if (!succeeded || before !== generation) return;
      if (kind === "reconnect") generation += 1;
      checks += 1;
      sign();
    };
    // A ping or a reconnection that takes too long is given up, and what comes of it later does not count.
    signal?.addEventListener("abort", () => end(false));
    try {
      await run();
      end(true);
    } catch (error) {
      end(false);
      throw error;
    }
  }

  async function observe<T>(sentOn: number, run: () => Promise<T>): Promise<T> {
    try {
      const result = await run();
      if (sentOn === generation) sign();
      return result;
    } catch (error) {
      if (sentOn === generation && !(isSessionError(error) && error.code === "aborted")) suspected = true;
      throw error;
    }
  }

  function sign(): void {
    lastSign = { now: clock.now(), monotonic: clock.monotonic() };
    suspected = false;
  }

  function isIdle(): boolean {
    return lastSign !== undefined && Math.max(clock.monotonic() - lastSign.monotonic, clock.now() - lastSign.now) >= N;
  }

  function isDue(): boolean {
    return suspected || isIdle();
  }

  function complain(law: number, isWrong: boolean, complaint: string): void {
    if (isWrong) complaints.push({ law, says: `${complaint}, at ${clock.monotonic()} ms` });
  }
}
