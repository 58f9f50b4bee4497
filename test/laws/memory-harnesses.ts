import { type SessionHandler, withConnectionCheck, withMigration, withTimeout } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createVirtualClock, type HandlerHarness, type VirtualClock } from "sessionwire/testing";

/** The memory, bare and in every documented order of decorators (laws 103 and 104). */
export const memoryHarnesses: Readonly<Record<string, HandlerHarness>> = {
  memory: onMemory((handler) => handler),
  "memory with a bound": onMemory((handler) => handler, { maxSessions: 500, maxTotalBytes: 3_000_000 }),
  "withTimeout(memory)": onMemory((handler, clock) => withTimeout(handler, { clock })),
  "withConnectionCheck(memory)": onMemory((handler, clock) => withConnectionCheck(handler, { clock })),
  "withConnectionCheck(withTimeout(memory))": onMemory((handler, clock) =>
    withConnectionCheck(withTimeout(handler, { clock }), { clock }),
  ),
  "withTimeout(withConnectionCheck(memory))": onMemory((handler, clock) =>
    withTimeout(withConnectionCheck(handler, { clock }), { clock }),
  ),
  "withMigration(memory, memory)": onMemory((handler, clock) =>
    withMigration(createMemoryHandler({ clock }), handler, { clock }),
  ),
  "withMigration(memory, memory) before anything moves": onMemory((handler, clock) =>
    withMigration(handler, createMemoryHandler({ clock }), { clock, moves: false }),
  ),
};

function onMemory(
  decorate: (handler: ReturnType<typeof createMemoryHandler>, clock: VirtualClock) => SessionHandler,
  options: Parameters<typeof createMemoryHandler>[0] = {},
): HandlerHarness {
  const clock = createVirtualClock();
  return {
    create: () => decorate(createMemoryHandler({ clock, ...options }), clock),
    advance: clock.advance,
  };
}
