import {
  type ListingSessionHandler,
  type NetworkedSessionHandler,
  type SessionHandler,
  withCompression,
  withConnectionCheck,
  withEncryption,
  withHashedKeys,
  withObserver,
  withRetry,
  withTimeout,
} from "sessionwire";
import { defineCases, handlerCases, rejects } from "sessionwire/testing";
import { checkContract, overlappingContract, sequentialContract } from "sessionwire/testing/properties";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyNamed } from "../laws/encryption-keys.ts";
import type { Backend, BackendEntry } from "./backends.ts";

/** Behind it, nothing lists. */
const hashing = "withHashedKeys(withConnectionCheck(withTimeout(…)))";

const decorations: Readonly<Record<string, (handler: SessionHandler, timeoutMs: number) => SessionHandler>> = {
  bare: (handler) => handler,
  // What has no connection needs no check, and takes one all the same.
  "withConnectionCheck(withObserver(withTimeout(…)))": (handler, timeoutMs) => {
    const limited = withTimeout(handler as NetworkedSessionHandler, { timeoutMs });
    const observed = withObserver(limited, { begin: () => ({}) });
    return withConnectionCheck(observed, { everySeconds: 0, pingTimeoutMs: timeoutMs });
  },
  "withRetry(withCompression(…))": (handler) => withRetry(withCompression(handler, { thresholdBytes: 0 })),
  [hashing]: (handler, timeoutMs) => {
    const limited = withTimeout(handler as NetworkedSessionHandler, { timeoutMs });
    return withHashedKeys(withConnectionCheck(limited, { pingTimeoutMs: timeoutMs }));
  },
  "withEncryption(…)": (handler) => withEncryption(handler, { keys: [keyNamed("2027")] }),
};

/** Defines tests that hold a backend to everything that a handler must do, bare and decorated. */
export function describeConformance(name: string, { traits, timeoutMs = 2000, open }: BackendEntry): void {
  describe(name, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await open();
    });
    afterAll(() => backend.stop());

    describe.each(Object.entries(decorations))("%s", (decoration, decorate) => {
      const { lateMs = 0, exceptions = {} } = traits;
      const cases = handlerCases({
        create: async () => decorate(await backend.create(), timeoutMs),
        advance: (ms) => backend.advance(ms),
        ...{ lateMs, exceptions },
      });
      defineCases("what every handler must do", cases, { describe, it: test });

      /** On a store with a clock of its own, what the steps of a story may take. */
      const earlyMs = 500;
      const createStage = async () => ({
        handler: decorate(await backend.create(), timeoutMs),
        advance: (ms: number) => (ms === 0 ? undefined : backend.advance(ms)),
        lateMs,
        earlyMs,
      });

      test("behaves as a map with expiry under any sequence of calls", () =>
        checkContract(sequentialContract, createStage, { numRuns: 12, seed: 1 }));

      test("is linearizable under concurrent calls", () =>
        checkContract(overlappingContract, createStage, { numRuns: 30, seed: 1 }));

      const lists = traits.lists && decoration !== hashing;
      test(lists ? "has a listing" : "has no listing, and does not pretend to", async () => {
        const handler = decorate(await backend.create(), timeoutMs);
        expect("list" in handler).toBe(lists);
        if (lists) {
          const { list } = handler as ListingSessionHandler; // as it was just seen
          await rejects(list({ cursor: "a text of no meaning" }), "failed", "any");
        }
        await handler.close();
      });
    });
  });
}
