import assert from "node:assert/strict";
import fc from "fast-check";
import { isSessionError, type NetworkedSessionHandler } from "sessionwire";
import {
  createVirtualClock,
  type SimulatedNetwork,
  settled,
  simulateNetwork,
  type VirtualClock,
} from "sessionwire/testing";
import { bytes, partsOf, type Subject } from "../laws/law.ts";

const N = 20_000;
const limits = { pingTimeoutMs: 1000, reconnectTimeoutMs: 3000, operationTimeoutMs: 2000 };

/** What may happen to a checked handler, as a reader would write it. */
const steps = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(1, 3, 500, 1500, 5000, N - 10, N, N + 5000).map((ms) => `advance ${ms} ms`) },
  { weight: 8, arbitrary: fc.constantFrom("call", "call", "call three times", "call and abort soon") },
  { weight: 2, arbitrary: fc.constant("silence") },
  { weight: 2, arbitrary: fc.constantFrom("connections pass", "connections refused", "connections silent") },
  { weight: 1, arbitrary: fc.constantFrom("replies lost", "replies arrive") },
  { weight: 1, arbitrary: fc.constantFrom("clock back", "clock ahead", "suspend") },
);

/** Whatever happens, in any order: laws 45, 46, 50, 52, 54, 59, 60, 66 and 70, checked against what was seen. */
export function connectionCheckProperty(subject: Subject) {
  return fc.asyncProperty(fc.array(steps, { maxLength: 30, size: "max" }), async (script) => {
    const clock = createVirtualClock();
    const network = simulateNetwork({ ...partsOf(subject, clock), clock, timeoutMs: limits.operationTimeoutMs });
    const witness = createWitness(network.handler, clock);
    const handler = subject.withConnectionCheck(witness.handler, { clock });
    const calls: { id: string; settledWithinMs: number | undefined; abortedAt?: number }[] = [];

    for (const step of script) await take(step);
    Object.assign(network, { newConnections: "pass", loseReplies: false });
    await clock.advance(limits.pingTimeoutMs + limits.reconnectTimeoutMs + limits.operationTimeoutMs);
    for (const { id, settledWithinMs } of calls)
      assert.ok(settledWithinMs !== undefined, `${id} has not settled (law 59)`);
    assert.equal(clock.pending, 0, "timers are left (law 70)");

    network.silence();
    await clock.advance(N);
    const last = call();
    await clock.advance(limits.pingTimeoutMs + 10);
    assert.equal(last.result, "success", "the first call after all is well again (law 60)");
    witness.examine();

    async function take(step: string): Promise<void> {
      const [, ms] = /^advance (\d+) ms$/.exec(step) ?? [];
      if (ms !== undefined) await clock.advance(Number(ms));
      else if (step.startsWith("call"))
        for (let left = step === "call three times" ? 3 : 1; left > 0; left -= 1) call(step.endsWith("soon"));
      else happen(step, network, clock);
      await settled();
    }

    function call(abortSoon = false): { result?: string } {
      const id = `call ${calls.length}`;
      const startedAt = clock.monotonic();
      const noted: (typeof calls)[number] & { result?: string } = { id, settledWithinMs: undefined };
      calls.push(noted);
      const abortion = new AbortController();
      witness.issued(id);
      const end = (result: string) => Object.assign(noted, { result, settledWithinMs: clock.monotonic() - startedAt });
      const options = { replaces: undefined, ttlSeconds: 86_400, signal: abortion.signal };
      handler.write(id, bytes("x"), options).then(
        () => end("success"),
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
  });
}

function happen(step: string, network: SimulatedNetwork, clock: VirtualClock): void {
  switch (step) {
    case "silence":
      network.silence();
      return;
    case "replies lost":
    case "replies arrive":
      network.loseReplies = step === "replies lost";
      return;
    case "clock back":
      clock.setWallClock(-3_600_000);
      return;
    case "clock ahead":
      clock.setWallClock(3_600_000);
      return;
    case "suspend":
      clock.suspend(N);
      return;
    default:
      network.newConnections =
        step === "connections pass" ? "pass" : step === "connections refused" ? "refuse" : "silent";
  }
}

/** Stands between the check and the network, and knows at each moment what the laws allow. */
function createWitness(inner: NetworkedSessionHandler, clock: VirtualClock) {
  let lastSign: { now: number; monotonic: number } | undefined;
  let suspected = false;
  let generation = 0;
  let checking: "ping" | "reconnect" | undefined;
  let pingFailed = false;
  let checks = 0;
  const complaints: string[] = [];
  const issues = new Map<string, { wasDue: boolean; checks: number }>();
  const started = new Set<string>();
  const abortedBeforehand = new Set<string>();

  const handler: NetworkedSessionHandler = {
    ...inner,
    write: (id, data, options) => {
      const issue = issues.get(id);
      complain(started.has(id), `${id} was passed on twice (law 54)`);
      complain(abortedBeforehand.has(id), `${id} was sent after it had been aborted (law 66)`);
      complain(isIdle(), `${id} was sent on an idle connection (law 45)`);
      complain(issue?.wasDue === true && issue.checks === checks, `${id} was sent without a check (laws 45 and 61)`);
      started.add(id);
      lastSign ??= { now: clock.now(), monotonic: clock.monotonic() }; // of a connection that is being opened
      return observe(generation, () => inner.write(id, data, options));
    },
    ping: (options) => {
      complain(!isDue(), "a ping that was not due (law 46)");
      return check("ping", options?.signal, () => inner.ping(options));
    },
    reconnect: (options) => {
      complain(!pingFailed, "a reconnection without a failed ping (law 52)");
      return check("reconnect", options?.signal, () => inner.reconnect(options));
    },
  };

  return {
    handler,
    issued: (id: string) => issues.set(id, { wasDue: isDue(), checks }),
    aborted(id: string) {
      if (!started.has(id)) abortedBeforehand.add(id);
    },
    examine: () => assert.deepEqual(complaints, []),
  };

  async function check(
    kind: "ping" | "reconnect",
    signal: AbortSignal | undefined,
    run: () => Promise<void>,
  ): Promise<void> {
    complain(checking !== undefined, `a ${kind} during a ${checking} (law 50)`);
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

  function complain(isWrong: boolean, complaint: string): void {
    if (isWrong) complaints.push(`${complaint}, at ${clock.monotonic()} ms`);
  }
}
