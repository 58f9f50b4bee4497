import { withCompression, withEncryption, withHashedKeys, withMigration, withRetry } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createVirtualClock, type HandlerHarness, type VirtualClock } from "sessionwire/testing";
import { keyNamed } from "./encryption-keys.ts";

const keys = [keyNamed("2027")];

/** The memory in other ways than as it is: with a bound, encrypted, and as a part of a migration. */
export const memoryHarnesses: Readonly<Record<string, HandlerHarness>> = {
  "memory with a bound": onClock((clock) => createMemoryHandler({ clock, maxSessions: 500, maxTotalBytes: 3_000_000 })),
  "withEncryption(memory with a bound)": onClock((clock) =>
    withEncryption(createMemoryHandler({ clock, maxSessions: 500, maxTotalBytes: 3_000_000 }), { keys, clock }),
  ),
  "withEncryption(withMigration(memory, memory))": onClock((clock) =>
    withEncryption(withMigration(createMemoryHandler({ clock }), createMemoryHandler({ clock }), { clock }), {
      keys,
      clock,
    }),
  ),
  "withMigration(memory, withEncryption(memory))": onClock((clock) =>
    withMigration(
      createMemoryHandler({ clock }),
      withEncryption(createMemoryHandler({ clock, maxBytes: 2 ** 20 + 64 }), { keys, clock }),
      {
        clock,
      },
    ),
  ),
  "withMigration(memory, memory)": onClock((clock) =>
    withMigration(createMemoryHandler({ clock }), createMemoryHandler({ clock }), { clock }),
  ),
  "withMigration(memory, memory) before anything moves": onClock((clock) =>
    withMigration(createMemoryHandler({ clock }), createMemoryHandler({ clock }), { clock, moves: false }),
  ),
  "withRetry(memory)": onClock((clock) => withRetry(createMemoryHandler({ clock }), { clock })),
  "withCompression(memory)": onClock((clock) => withCompression(createMemoryHandler({ clock }), { thresholdBytes: 0 })),
  "withHashedKeys(memory)": onClock((clock) => withHashedKeys(createMemoryHandler({ clock }))),
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
