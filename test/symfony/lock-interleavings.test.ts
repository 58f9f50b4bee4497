import fc from "fast-check";
import { isSessionError, type SessionHandler } from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { withPhpLocks } from "sessionwire/symfony";
import { createVirtualClock, simulateNetwork, type VirtualClock } from "sessionwire/testing";
import { expect, test } from "vitest";
import { bytes, text } from "../laws/law.ts";
import { fates } from "../properties/interleavings.ts";
import { key, lockKey } from "./locked-store.ts";

const ttlSeconds = 3600;

/** What one side has stored: how often its own number was raised, and how often that may have been stored. */
interface Ledger {
  stored: number;
  unknown: number;
}

type Counts = Readonly<Record<"node" | "php", number>>;

/** How long each request of PHP holds the session, and how long it waits before. */
const requests = fc.array(fc.record({ pauseMs: fc.nat(20), holdsMs: fc.nat(30) }), { minLength: 1, maxLength: 5 });
/** How long each process of Node.js waits before each of its changes. */
const processes = fc.array(fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 });

test("however PHP and Node.js change a session at once, neither loses a change (laws 146 and 149)", async () => {
  const property = changesProperty((handler, clock) => withPhpLocks(handler, { style: "phpredis", clock }));
  await fc.assert(property, { numRuns: 300 });
});

test("without the locks, changes are lost", async () => {
  await expect(fc.assert(changesProperty((handler) => handler))).rejects.toThrow();
});

function changesProperty(decorate: (handler: SessionHandler, clock: VirtualClock) => SessionHandler) {
  return fc.asyncProperty(processes, requests, fates, async (plans, pages, planned) => {
    const clock = createVirtualClock();
    const store = createMemoryHandler({ clock });
    const network = simulateNetwork({ createGuardedHandler, store, clock, timeoutMs: 50 });
    const left = [...planned];
    network.fate = () => left.shift() ?? { latencyMs: 1, lost: false };
    const node: Ledger = { stored: 0, unknown: 0 };
    const running = plans.map(async (pauses) => {
      const handler = decorate(network.handler, clock);
      for (const pauseMs of pauses) {
        await pause(clock, pauseMs);
        await countAsNode(handler, node);
      }
    });
    for (const { pauseMs, holdsMs } of pages) {
      await clock.advance(pauseMs);
      running.push(countAsPhp(store, clock, holdsMs));
    }
    await clock.advance(100_000);
    await Promise.all(running);
    const counts = countsIn((await store.read(key))?.data);
    expect(counts.php).toBe(pages.length);
    expect(counts.node).toBeGreaterThanOrEqual(node.stored);
    expect(counts.node).toBeLessThanOrEqual(node.stored + node.unknown);
    expect(await store.read(lockKey)).toBeUndefined();
  });
}

/** Raises the number of Node.js by one, on what is there after each refusal. */
async function countAsNode(handler: SessionHandler, ledger: Ledger): Promise<void> {
  try {
    let session = await handler.read(key);
    for (;;) {
      const counts = countsIn(session?.data);
      const options = { replaces: session?.version, ttlSeconds };
      const result = await handler.write(key, textOf({ ...counts, node: counts.node + 1 }), options);
      if (result.written) break;
      session = result.current;
    }
    ledger.stored += 1;
  } catch (error) {
    if (!isSessionError(error)) throw error;
    if (error.outcome === "unknown") ledger.unknown += 1;
  }
}

/** Raises the number of PHP as phpredis does: it writes whatever has become of the session, if it has the lock. */
async function countAsPhp(store: SessionHandler, clock: VirtualClock, holdsMs: number): Promise<void> {
  const own = { replaces: undefined, ttlSeconds: 30 };
  while (!(await store.write(lockKey, bytes("host|7"), own)).written) await pause(clock, 2);
  const counts = countsIn((await store.read(key))?.data);
  await pause(clock, holdsMs);
  for (let isWritten = false; !isWritten; ) {
    const replaces = (await store.read(key))?.version;
    const result = await store.write(key, textOf({ ...counts, php: counts.php + 1 }), { replaces, ttlSeconds });
    isWritten = result.written;
  }
  await store.destroy(lockKey);
}

function countsIn(data: Uint8Array | undefined): Counts {
  return data ? JSON.parse(text(data) ?? "") : { node: 0, php: 0 };
}

function textOf(counts: Counts): Uint8Array {
  return bytes(JSON.stringify(counts));
}

function pause(clock: VirtualClock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.schedule(resolve, ms));
}
