import {
  type Clock,
  isSessionError,
  type NetworkedSessionHandler,
  SessionError,
  type SessionErrorCode,
  type SessionHandler,
  type Version,
  withConnectionCheck,
} from "sessionwire";
import type { ConnectionCheck } from "../connection-check.ts";
import type { Mutant } from "../kill-table.ts";

type Options = Parameters<ConnectionCheck>[1];

/**
 * Returns connection checks with one bug each, for `connectionCheckContract`: the correct one, with something else
 * around or inside it.
 *
 * @public
 */
export function connectionCheckMutants(): Mutant<ConnectionCheck>[] {
  return [
    optioned(45, "checks only after twice the time", ({ everySeconds = 20 }) => ({ everySeconds: everySeconds * 2 })),
    optioned(45, "never checks", () => ({ everySeconds: Number.POSITIVE_INFINITY })),
    optioned(46, "checks before it is due", ({ everySeconds = 20 }) => ({ everySeconds: everySeconds * 0.9 })),
    optioned(46, "checks before every call", () => ({ everySeconds: 0 })),
    optioned(59, "has no deadline for a ping", () => ({ pingTimeoutMs: 2 ** 31 - 1 })),
    optioned(59, "has no deadline for a reconnection", () => ({ reconnectTimeoutMs: 2 ** 31 - 1 })),
    clocked(64, "uses only the wall clock", (clock) => ({ monotonic: () => clock.now() })),
    clocked(65, "uses only monotonic time", (clock) => ({ now: () => clock.monotonic() })),
    inside(48, "takes a failed ping for a successful one", (inner) => ({
      ping: (options) => inner.ping(options).catch(() => {}),
    })),
    inside(45, "pings, and does not wait for the answer", (inner) => ({
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
    inside(48, "never reconnects", () => ({ reconnect: async () => {} })),
    inside(50, "pings twice at once", (inner) => ({
      ping: async (options) => void (await Promise.all([inner.ping(options), inner.ping(options)])),
    })),
    {
      law: 60,
      bug: "waits before it reconnects",
      subject: (inner, options) => {
        const reconnect: typeof inner.reconnect = async (how) => {
          await new Promise<void>((resolve) => options.clock?.schedule(resolve, 2000));
          return inner.reconnect(how);
        };
        return withConnectionCheck({ ...inner, reconnect }, options);
      },
    },
    {
      law: 61,
      bug: "does not suspect a connection after a failure",
      subject: (inner, options) => {
        const hiding: NetworkedSessionHandler = {
          ...inner,
          write: (id, data, how) =>
            inner.write(id, data, how).catch((cause) => Promise.reject(new SessionError("conflict", "", { cause }))),
        };
        const outer = withConnectionCheck(hiding, options);
        const unlessHidden = (error: unknown) =>
          isSessionError(error) && error.code === "conflict" ? error.cause : error;
        return {
          ...outer,
          write: (id, data, how) => outer.write(id, data, how).catch((error) => Promise.reject(unlessHidden(error))),
        };
      },
    },
    inside(57, "loses the signal", (inner) => ({
      write: (id, data, { replaces, ttlSeconds }) => inner.write(id, data, { replaces, ttlSeconds }),
    })),
    inside(57, "passes on another time to live", (inner) => ({
      write: (id, data, options) => inner.write(id, data, { ...options, ttlSeconds: options.ttlSeconds + 1 }),
    })),
    around(46, "pings for each call", (outer, inner) => ({
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
    around(53, "remembers a failed check forever", (outer) => {
      let failure: unknown;
      return {
        async write(id, data, options) {
          if (failure) throw failure;
          return outer.write(id, data, options).catch((error) => {
            if (isOf(error, "unavailable") && error.outcome === "not-applied") failure = error;
            throw error;
          });
        },
      };
    }),
    around(54, "retries a call without an answer", (outer) => ({
      write: (id, data, options) =>
        outer
          .write(id, data, options)
          .catch((error) => (isOf(error, "timeout") ? outer.write(id, data, options) : Promise.reject(error))),
    })),
    around(56, "returns an answer of its own", (outer) => ({
      write: async (id, data, options) => ({ ...(await outer.write(id, data, options)) }),
    })),
    around(32, "reads an outage as an absence", (outer) => ({
      read: (id, options) => outer.read(id, options).catch(inOutage(undefined)),
    })),
    around(32, "reports an outage as a conflict", (outer) => ({
      write: (id, data, options) =>
        outer.write(id, data, options).catch(inOutage({ written: false as const, current: undefined })),
    })),
    around(32, "reports an outage as a touch of an absent session", (outer) => ({
      touch: (id, ttlSeconds, options) => outer.touch(id, ttlSeconds, options).catch(inOutage(false)),
    })),
    around(32, "reports an outage as a destroy of an absent session", (outer) => ({
      destroy: (id, options) =>
        outer.destroy(id, options).catch(inOutage({ destroyed: false as const, current: undefined })),
    })),
    around(32, "takes a write without an answer for a successful one", (outer) => ({
      write: (id, data, options) =>
        outer.write(id, data, options).catch((error) => {
          if (isOf(error, "timeout")) return { written: true, version: id as Version };
          throw error;
        }),
    })),
    failing(33, "turns every error into a plain one", (error) => new Error(String(error))),
    failing(33, "passes on the cause instead of the error", (error) => (isSessionError(error) ? error.cause : error)),
    failing(34, "does not state the outcome of a failure", (error) =>
      isSessionError(error) ? new SessionError(error.code, error.message, { cause: error.cause }) : error,
    ),
    failing(34, "states that a call without an answer was not applied", (error) =>
      isOf(error, "timeout") ? new SessionError("timeout", error.message, { outcome: "not-applied" }) : error,
    ),
    failing(34, "does not state that a call it never sent was not applied", (error) =>
      isOf(error, "unavailable")
        ? new SessionError("unavailable", error.message, { cause: error.cause, outcome: "unknown" })
        : error,
    ),
    failing(56, "wraps the errors of the inner handler", (error) =>
      isOf(error, "timeout")
        ? new SessionError("failed", "The handler failed.", { cause: error, outcome: error.outcome })
        : error,
    ),
    failing(58, "does not state how the check failed", (error) =>
      isOf(error, "unavailable") && error.cause instanceof AggregateError
        ? new SessionError("unavailable", error.message, { outcome: error.outcome })
        : error,
    ),
    around(66, "sends an aborted call", (outer, inner) => ({
      write: (id, data, options) =>
        outer.write(id, data, options).catch((error) => {
          if (isOf(error, "aborted") && error.outcome === "not-applied") {
            inner.write(id, data, options).catch(() => {});
          }
          throw error;
        }),
    })),
    around(66, "rejects an aborted call a moment late", (outer, _, { clock }) => ({
      read: (id, options) =>
        outer.read(id, options).catch(async (error) => {
          if (isOf(error, "aborted")) await new Promise<void>((resolve) => clock?.schedule(resolve, 5));
          throw error;
        }),
    })),
    around(66, "reports an abort as a timeout", (outer) => ({
      write: (id, data, options) =>
        outer.write(id, data, options).catch((error) => {
          if (!isOf(error, "aborted") || error.outcome === "unknown") throw error;
          throw new SessionError("timeout", "It took too long.", { outcome: error.outcome });
        }),
    })),
    around(68, "leaves waiting calls unsettled after the close", (outer, _, { clock }) => ({
      async close() {
        await new Promise<void>((resolve) => clock?.schedule(resolve, 500));
        await outer.close();
      },
    })),
    around(69, "pings once more after the close", (outer, inner) => ({
      async close() {
        await outer.close();
        await inner.ping().catch(() => {});
      },
    })),
    around(70, "leaves a timer behind", (outer, _, { clock }) => ({
      write: (id, data, options) => {
        clock?.schedule(() => {}, 3_600_000);
        return outer.write(id, data, options);
      },
    })),
    around(70, "leaves a timer of three seconds behind", (outer, _, { clock }) => ({
      async read(id, options) {
        clock?.schedule(() => {}, 3000);
        return outer.read(id, options);
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

/** Removes the methods that only a test has. */
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

/** Returns a check whose failures all differ, whichever method fails. */
function failing(law: number, bug: string, changed: (error: unknown) => unknown): Mutant<ConnectionCheck> {
  const otherwise = <T>(promise: Promise<T>) => promise.catch((error) => Promise.reject(changed(error)));
  return around(law, bug, (outer) => ({
    read: (id, options) => otherwise(outer.read(id, options)),
    write: (id, data, options) => otherwise(outer.write(id, data, options)),
    touch: (id, ttlSeconds, options) => otherwise(outer.touch(id, ttlSeconds, options)),
    destroy: (id, options) => otherwise(outer.destroy(id, options)),
  }));
}

function isOf(error: unknown, code: SessionErrorCode): error is SessionError {
  return isSessionError(error) && error.code === code;
}

/** Returns a function that answers instead of throwing an error that an outage has caused. */
function inOutage<T>(answer: T): (error: unknown) => T {
  return (error) => {
    if (isOf(error, "unavailable") || isOf(error, "timeout")) return answer;
    throw error;
  };
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
