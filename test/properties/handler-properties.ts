import type fc from "fast-check";
import { createVirtualClock } from "sessionwire/testing";
import { connectionCheckContract, sequentialContract } from "sessionwire/testing/properties";
import type { Subject } from "../laws/law.ts";
import { interleavingsProperty } from "./interleavings.ts";

const plainSequences = (parts: Subject) =>
  sequentialContract.property(() => {
    const clock = createVirtualClock();
    return { handler: parts.createMemoryHandler({ clock }), advance: clock.advance };
  });
const decoratedSequences = (parts: Subject) =>
  sequentialContract.property(() => {
    const clock = createVirtualClock();
    const limited = parts.withTimeout(parts.createMemoryHandler({ clock }), { clock });
    const observed = parts.withObserver(limited, { begin: () => ({}) });
    return { handler: parts.withConnectionCheck(observed, { clock }), advance: clock.advance };
  });
const plainInterleavings = interleavingsProperty((_, handler) => handler);
const decoratedInterleavings = interleavingsProperty((parts, handler, clock) =>
  parts.withTimeout(parts.withConnectionCheck(handler, { clock, everySeconds: 0 }), { clock, timeoutMs: 500 }),
);

const retriedInterleavings = interleavingsProperty((parts, handler, clock) =>
  parts.withTimeout(parts.withRetry(handler, { clock, random: () => 0.5 }), { clock, timeoutMs: 500 }),
);

/** The laws of handlers, decorators and connection checks as properties, by what they say. */
export const properties: Record<string, (of: Subject) => fc.IRawProperty<unknown>> = {
  "any sequence of calls on the memory behaves as on a map with expiry": plainSequences,
  "any sequence of calls behaves the same through the decorators": decoratedSequences,
  "any interleaving on a lossy network is linearizable": plainInterleavings,
  "any interleaving on a lossy network is linearizable through the decorators": decoratedInterleavings,
  "any interleaving on a lossy network is linearizable through retries": retriedInterleavings,
  "whatever happens to the connection, the check keeps its laws": (parts) =>
    connectionCheckContract.property(parts.withConnectionCheck),
};
