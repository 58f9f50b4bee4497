import {
  isSessionError,
  type NetworkedSessionHandler,
  SessionError,
  type SessionHandler,
  withTimeout,
} from "sessionwire";
import type { VirtualClock } from "../../virtual-clock.ts";
import type { Decorate } from "../decorator.ts";
import type { Mutant } from "../kill-table.ts";

/**
 * Decorators with one bug each, for `decoratorContract`.
 *
 * @public
 */
export function decoratorMutants(): Mutant<Decorate>[] {
  return [
    around(34, "states that failures were not applied", (outer) => ({
      write: (id, data, options) => outer.write(id, data, options).catch(unlessClosed(asNotApplied)),
    })),
    around(105, "reads again what it has written", (outer) => ({
      async write(id, data, options) {
        const result = await outer.write(id, data, options);
        await outer.read(id);
        return result;
      },
    })),
    around(34, "states no outcome for a call after the close", (outer) => ({
      touch: (id, ttlSeconds) =>
        outer.touch(id, ttlSeconds).catch((error) => {
          throw isClosed(error) ? new SessionError("closed", error.message) : error;
        }),
    })),
    around(38, "never returns an existing session", (outer) => ({
      async destroy(id, options) {
        const result = await outer.destroy(id, options);
        return result.destroyed ? new Promise(() => {}) : result;
      },
    })),
    around(40, "continues after the close", (_, inner) => ({ read: (id, options) => inner.read(id, options) })),
    around(40, "fails in its own way after the close", (outer) => {
      let isClosed = false;
      return {
        async close() {
          isClosed = true;
          await outer.close();
        },
        async destroy(id, options) {
          if (isClosed) throw new SessionError("unavailable", "There is no handler.", { outcome: "not-applied" });
          return outer.destroy(id, options);
        },
      };
    }),
    around(54, "retries failures", (outer) => ({
      touch: (id, ttlSeconds) => outer.touch(id, ttlSeconds).catch(() => outer.touch(id, ttlSeconds)),
    })),
    around(105, "answers from its own cache", (outer) => {
      let remembered: Promise<boolean> | undefined;
      return {
        touch: (id, ttlSeconds) => (remembered ??= outer.touch(id, ttlSeconds)),
        close() {
          remembered = undefined;
          return outer.close();
        },
      };
    }),
    around(32, "takes a failure for an absence", (outer) => ({
      read: (id, options) => outer.read(id, options).catch(unlessClosed(() => undefined)),
    })),
    around(56, "returns copies of answers", (outer) => ({
      write: async (id, data, options) => ({ ...(await outer.write(id, data, options)) }),
    })),
    around(56, "returns true for every touch", (outer) => ({
      touch: async (id, ttl) => (await outer.touch(id, ttl)) || true,
    })),
    around(57, "loses the condition of a destroy", (outer) => ({ destroy: (id) => outer.destroy(id) })),
    around(57, "loses the time to live of a read", (outer) => ({ read: (id) => outer.read(id) })),
    around(57, "shortens ids", (outer) => ({ touch: (id, ttlSeconds) => outer.touch(`${id}…`, ttlSeconds) })),
    around(109, "wraps the errors of the package again", (outer) => ({
      read: (id, options) =>
        outer.read(id, options).catch(
          unlessClosed((cause) => {
            throw new SessionError("failed", "The handler failed.", { cause });
          }),
        ),
    })),
    around(109, "lets foreign errors through", (outer) => ({
      read: (id, options) =>
        outer.read(id, options).catch((error) => {
          throw isSessionError(error) && error.code === "failed" ? error.cause : error;
        }),
    })),
    around(110, "closes the inner handler twice", (outer, inner) => ({
      async close() {
        await outer.close();
        await inner.close();
      },
    })),
    around(110, "never closes the inner handler", () => ({
      close: async () => {},
      [Symbol.asyncDispose]: async () => {},
    })),
    around(70, "leaves a short timer behind", (outer, _, clock) => ({
      async read(id, options) {
        clock.schedule(() => {}, 50);
        return outer.read(id, options);
      },
    })),
    around(70, "leaves a timer behind", (outer, _, clock) => ({
      touch(id, ttlSeconds) {
        clock.schedule(() => {}, 3_600_000);
        return outer.touch(id, ttlSeconds);
      },
    })),
    {
      law: 106,
      bug: "loses the other capabilities of the handler",
      subject(inner, clock) {
        const decorated: SessionHandler & Partial<NetworkedSessionHandler> = withTimeout(inner, { clock });
        const { ping: _ping, reconnect: _reconnect, ...plain } = decorated;
        return plain;
      },
    },
    {
      law: 106,
      bug: "claims to list",
      subject: (inner, clock) => ({
        ...withTimeout(inner, { clock }),
        list: async () => ({ ids: [], next: undefined }),
      }),
    },
  ];
}

function isClosed(error: unknown): error is SessionError {
  return isSessionError(error) && error.code === "closed";
}

/** Handles an error, unless it is that of a closed handler. */
function unlessClosed<T>(then: (error: unknown) => T): (error: unknown) => T {
  return (error) => {
    if (isClosed(error)) throw error;
    return then(error);
  };
}

function asNotApplied(error: unknown): never {
  if (!isSessionError(error) || error.code !== "failed") throw error;
  throw new SessionError("failed", error.message, { cause: error.cause, outcome: "not-applied" });
}

function around(
  law: number,
  bug: string,
  change: (outer: SessionHandler, inner: SessionHandler, clock: VirtualClock) => Partial<SessionHandler>,
): Mutant<Decorate> {
  return {
    law,
    bug,
    subject: (inner, clock) => {
      const outer = withTimeout(inner, { clock });
      return { ...outer, ...change(outer, inner, clock) };
    },
  };
}
