import { SessionError, type SessionHandler, type StoredSession } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import type { Report } from "./chaos.ts";
import { limits, pause, type Stage } from "./stage.ts";

type Methods = Partial<Pick<SessionHandler, "read" | "write" | "destroy">>;

interface BrokenStore {
  /** Whether the report of a run shows the mistake. */
  shows(report: Report): boolean;
  /** The methods that make the mistake, when the store is disturbed. */
  methods(handler: SessionHandler, isDisturbed: () => boolean): Methods;
}

/** Stores with one mistake each. */
export const brokenStores: Readonly<Record<string, BrokenStore>> = {
  "overwrites what others have written": {
    shows: ({ missing }) => missing > 0,
    methods: (handler, isDisturbed) => ({
      async write(id, data, options) {
        const current = isDisturbed() && options.replaces ? await handler.read(id) : undefined;
        return handler.write(id, data, { ...options, replaces: current?.version ?? options.replaces });
      },
    }),
  },
  "says that nothing has happened, though it has": {
    shows: ({ excess }) => excess > 0,
    methods: (handler, isDisturbed) => ({
      async write(id, data, options) {
        const result = await handler.write(id, data, options);
        if (!isDisturbed()) return result;
        throw new SessionError("unavailable", "The connection was lost.", { outcome: "not-applied" });
      },
    }),
  },
  "takes an outage for an absence": {
    shows: ({ violations }) => violations.length > 0,
    methods: (handler, isDisturbed) => ({
      read: async (id, options) => (isDisturbed() ? undefined : handler.read(id, options)),
    }),
  },
  "answers with the session of somebody else": {
    shows: ({ violations }) => violations.length > 0,
    methods(handler, isDisturbed) {
      let other: StoredSession | undefined;
      return {
        async read(id, options) {
          const found = await handler.read(id, options);
          const answer = isDisturbed() ? other : found;
          other = found;
          return answer ?? found;
        },
      };
    },
  },
  "ends no session, and says that it has": {
    shows: ({ returned }) => returned > 0,
    methods: (handler, isDisturbed) => ({
      destroy: async (id, options) => (isDisturbed() ? { destroyed: true } : handler.destroy(id, options)),
    }),
  },
  "answers too late": {
    shows: ({ slowestMs }) => slowestMs > limits.worstMs,
    methods: (handler, isDisturbed) => ({
      async read(id, options) {
        if (isDisturbed()) await pause(limits.worstMs + 50);
        return handler.read(id, options);
      },
    }),
  },
};

/** A store in memory that makes a mistake while it is disturbed. */
export function openBroken({ methods }: BrokenStore): Stage {
  const handler = createMemoryHandler();
  let isBroken = false;
  return {
    open: () => ({ ...delegating(handler), ...methods(handler, () => isBroken) }),
    faults: {
      async mistake() {
        isBroken = true;
        await pause(200);
        isBroken = false;
      },
    },
    connections: () => 0,
    stop: () => handler.close(),
  };
}

/** The calls of a handler that stays open when this one is closed. */
function delegating(handler: SessionHandler): SessionHandler {
  return {
    read: (id, options) => handler.read(id, options),
    write: (id, data, options) => handler.write(id, data, options),
    touch: (id, ttlSeconds, options) => handler.touch(id, ttlSeconds, options),
    destroy: (id, options) => handler.destroy(id, options),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
