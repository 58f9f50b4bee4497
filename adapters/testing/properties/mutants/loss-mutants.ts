import { isSessionError, SessionError, type SessionHandler, type StoredSession } from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import type { CreateHandler } from "../../laws/call/fixture.ts";
import type { Mutant } from "../kill-table.ts";

/**
 * Returns handlers that are correct as long as no message is lost, for `lossyNetworkContract`.
 *
 * @public
 */
export function lossMutants(): Mutant<CreateHandler>[] {
  return [
    late(34, "a change without an answer has not been applied", (handler) => ({
      write: (id, data, options) =>
        handler.write(id, data, options).catch((error) => {
          throw isLate(error) ? new SessionError("timeout", "No answer.", { outcome: "not-applied" }) : error;
        }),
    })),
    late(32, "a read without an answer is an absence", (handler) => ({
      read: (id, options) => handler.read(id, options).catch(unlessLate(undefined)),
    })),
    late(30, "a read without an answer returns the last known session", (handler) => {
      let seen: StoredSession | undefined;
      return {
        async read(id, options) {
          try {
            seen = await handler.read(id, options);
          } catch (error) {
            if (!isLate(error)) throw error;
          }
          return seen;
        },
      };
    }),
    late(32, "a destroy without an answer has found nothing", (handler) => ({
      destroy: (id, options) =>
        handler.destroy(id, options).catch(unlessLate({ destroyed: false, current: undefined } as const)),
    })),
    late(36, "a write without an answer is repeated as a new one", (handler) => ({
      write: (id, data, options) =>
        handler.write(id, data, options).catch(async (error) => {
          if (!isLate(error)) throw error;
          const current = await handler.read(id);
          return handler.write(id, data, { ...options, replaces: current?.version });
        }),
    })),
    late(33, "a read without an answer fails with another error", (handler) => ({
      read: (id, options) =>
        handler.read(id, options).catch((error) => {
          throw isLate(error) ? new Error("No answer.") : error;
        }),
    })),
    late(34, "a touch without an answer does not state its outcome", (handler) => ({
      touch: (id, ttlSeconds, options) =>
        handler.touch(id, ttlSeconds, options).catch((error) => {
          throw isLate(error) ? new SessionError("timeout", "No answer.") : error;
        }),
    })),
  ];
}

function late(
  law: number,
  bug: string,
  change: (handler: SessionHandler) => Partial<SessionHandler>,
): Mutant<CreateHandler> {
  return {
    law,
    bug,
    subject: (backend, options) => {
      const handler = createGuardedHandler(backend, options);
      return { ...handler, ...change(handler) };
    },
  };
}

function isLate(error: unknown): boolean {
  return isSessionError(error) && error.code === "timeout";
}

/** Wraps a failure, unless there was no answer. */
function unlessLate<T>(answer: T): (error: unknown) => T {
  return (error) => {
    if (isLate(error)) return answer;
    throw error;
  };
}
