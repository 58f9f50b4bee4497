import { withHashedKeys, withMigration } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createVirtualClock, type HandlerHarness, type VirtualClock } from "sessionwire/testing";

/** The memory in other ways than as it is: with a bound, and as both sides of a migration. */
export const memoryHarnesses: Readonly<Record<string, HandlerHarness>> = {
  "memory with a bound": onClock((clock) => createMemoryHandler({ clock, maxSessions: 500, maxTotalBytes: 3_000_000 })),
  "withMigration(memory, memory) before anything moves": onClock((clock) =>
    withMigration(createMemoryHandler({ clock }), createMemoryHandler({ clock }), { clock, moves: false }),
  ),
  "withMigration(memory, withHashedKeys(memory)) on one memory": onClock((clock) => {
    const memory = createMemoryHandler({ clock });
    return withMigration(memory, withHashedKeys(memory), { clock });
  }),
  "withMigration(memory, withHashedKeys(memory)) on one memory, before anything moves": onClock((clock) => {
    const memory = createMemoryHandler({ clock });
    return withMigration(memory, withHashedKeys(memory), { clock, moves: false });
  }),
};

function onClock(create: (clock: VirtualClock) => ReturnType<HandlerHarness["create"]>): HandlerHarness {
  const clock = createVirtualClock();
  return { create: () => create(clock), advance: clock.advance };
}
