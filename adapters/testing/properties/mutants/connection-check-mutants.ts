import {
  type Clock,
  type NetworkedSessionHandler,
  SessionError,
  type SessionHandler,
  withConnectionCheck,
} from "sessionwire";
import type { ConnectionCheck } from "../connection-check.ts";
import type { Mutant } from "../kill-table.ts";

type Options = Parameters<ConnectionCheck>[1];

/**
 * Connection checks with one bug each, for `connectionCheckContract`: the right one with something else around or inside.
 *
 * @public
 */
export function connectionCheckMutants(): Mutant<ConnectionCheck>[] {
  return [
    optioned(45, "checks after twice the time only", ({ everySeconds = 20 }) => ({ everySeconds: everySeconds * 2 })),
    optioned(45, "never checks", () => ({ everySeconds: Number.POSITIVE_INFINITY })),
    optioned(46, "checks before it is due", ({ everySeconds = 20 }) => ({ everySeconds: everySeconds * 0.9 })),
    optioned(46, "checks before every call", () => ({ everySeconds: 0 })),
    optioned(59, "has no deadline for a ping", () => ({ pingTimeoutMs: 2 ** 31 - 1 })),
    optioned(59, "has no deadline for a reconnection", () => ({ reconnectTimeoutMs: 2 ** 31 - 1 })),
    clocked(64, "goes by the wall clock alone", (clock) => ({ monotonic: () => clock.now() })),
    clocked(65, "goes by monotonic time alone", (clock) => ({ now: () => clock.monotonic() })),
    inside(48, "takes a ping that failed for one that succeeded", (inner) => ({
      ping: (options) => inner.ping(options).catch(() => {}),
    })),
    inside(48, "pings, and does not wait for the answer", (inner) => ({
      async ping(options) {
        inner.ping(options).catch(() => {});
      },
    })),
    inside(52, "reconnects without a ping", () => ({ ping: () => Promise.reject(new Error("not even tried")) })),
    inside(51, "reconnects twice", (inner) => ({
      reconnect: (options) => inner.reconnect(options).then(() => inner.reconnect(options)),
    })),
    inside(55, "does not wait for the new connection", (inner) => ({
      async reconnect(options) {
        inner.reconnect(options).catch(() => {});
      },
    })),
    inside(60, "never reconnects", () => ({ reconnect: async () => {} })),
    inside(61, "does not hold a failure against the connection", (inner) => ({
      write: (id, data, options) =>
        inner.write(id, data, options).catch((cause) => {
          throw new SessionError("conflict", "It failed.", { cause, outcome: "unknown" });
        }),
    })),
    inside(57, "forgets the signal", (inner) => ({
      write: (id, data, { replaces, ttlSeconds }) => inner.write(id, data, { replaces, ttlSeconds }),
    })),
    inside(57, "passes on another time to live", (inner) => ({
      write: (id, data, options) => inner.write(id, data, { ...options, ttlSeconds: options.ttlSeconds + 1 }),
    })),
    around(50, "pings for each call", (outer, inner) => ({
      async write(id, data, options) {
        await inner.ping();
        return outer.write(id, data, options);
      },
    })),
    around(52, "reconnects for each call", (outer, inner) => ({
      async write(id, data, options) {
        await inner.reconnect();
        return outer.write(id, data, options);
      },
    })),
    around(53, "remembers a failed check for ever", (outer) => {
      let failure: unknown;
      return {
        async write(id, data, options) {
          if (failure) throw failure;
          return outer.write(id, data, options).catch((error) => {
            failure = error;
            throw error;
          });
        },
      };
    }),
    around(54, "tries again what has failed", (outer) => ({
      write: (id, data, options) => outer.write(id, data, options).catch(() => outer.write(id, data, options)),
    })),
    around(56, "answers something of its own", (outer) => ({
      write: async (id, data, options) => ({ ...(await outer.write(id, data, options)) }),
    })),
    around(66, "sends what was aborted", (outer, inner) => ({
      write: (id, data, options) =>
        outer.write(id, data, options).catch((error) => {
          if (options.signal?.aborted) inner.write(id, data, options).catch(() => {});
          throw error;
        }),
    })),
    around(70, "leaves a timer behind", (outer, _, { clock }) => ({
      write: (id, data, options) => {
        clock?.schedule(() => {}, 3_600_000);
        return outer.write(id, data, options);
      },
    })),
  ];
}

function optioned(law: number, bug: string, change: (options: Options) => Options): Mutant<ConnectionCheck> {
  return { law, bug, subject: (inner, options) => withConnectionCheck(inner, { ...options, ...change(options) }) };
}

function clocked(law: number, bug: string, change: (clock: Clock) => Partial<Clock>): Mutant<ConnectionCheck> {
  return optioned(law, bug, ({ clock }) => ({ clock: clock && { ...clockOf(clock), ...change(clock) } }));
}

/** Without the methods that only a test has. */
function clockOf(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    schedule: (run, delayMs) => clock.schedule(run, delayMs),
  };
}

function inside(
  law: number,
  bug: string,
  change: (inner: NetworkedSessionHandler) => Partial<NetworkedSessionHandler>,
): Mutant<ConnectionCheck> {
  return { law, bug, subject: (inner, options) => withConnectionCheck({ ...inner, ...change(inner) }, options) };
}

function around(
  law: number,
  bug: string,
  change: (outer: SessionHandler, inner: NetworkedSessionHandler, options: Options) => Partial<SessionHandler>,
): Mutant<ConnectionCheck> {
  return {
    law,
    bug,
    subject: (inner, options) => {
      const outer = withConnectionCheck(inner, options);
      return { ...outer, ...change(outer, inner, options) };
    },
  };
}
