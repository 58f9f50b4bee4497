import type { createMemoryChannel } from "sessionwire/memory";
import type { ChannelHarness } from "sessionwire/testing";

/** Channels of one process, of this or of a broken version of the package. */
export function memoryChannelHarness(create: typeof createMemoryChannel): ChannelHarness {
  return {
    async openPlace() {
      const first = create();
      return { create: () => first.another(), [Symbol.asyncDispose]: () => first.close() };
    },
  };
}
