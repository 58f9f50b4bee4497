import type { SessionHandler } from "sessionwire";

/** A memory whose operations take some turns of the event loop, now more, now fewer, so that those of several users overlap. */
export function overlapping(handler: SessionHandler): SessionHandler {
  return {
    ...handler, // a plain object, whose methods need no `this`
    async read(...call) {
      await someTurns();
      return handler.read(...call);
    },
    async write(...call) {
      await someTurns();
      return handler.write(...call);
    },
  };
}

/** What other stores do: a write replaces whatever is there. */
export function unconditional(handler: SessionHandler): SessionHandler {
  return {
    ...handler,
    async write(id, data, options) {
      await handler.destroy(id);
      return handler.write(id, data, { ...options, replaces: undefined });
    },
  };
}

async function someTurns(): Promise<void> {
  for (let turns = Math.floor(Math.random() * 3); turns >= 0; turns--) await new Promise(setImmediate);
}
