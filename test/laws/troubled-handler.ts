import {
  type ListingSessionHandler,
  type Outcome,
  SessionError,
  type SessionErrorCode,
  type SessionHandler,
} from "sessionwire";
import { createReferenceHandler, type VirtualClock } from "sessionwire/testing";

/** A handler in trouble, and the calls that it has received. */
export interface TroubledHandler {
  readonly handler: ListingSessionHandler;
  /** When each call came, by monotonic time. */
  readonly times: number[];
}

type Method = "read" | "write" | "touch" | "destroy" | "list";

/** Rejects each call with the error that `fail` returns for its number, from 1 on, and carries out the others. */
export function createTroubledHandler(clock: VirtualClock, fail: (call: number) => Error | undefined): TroubledHandler {
  const inner = createReferenceHandler({ clock });
  const times: number[] = [];
  const troubled = <Args extends readonly unknown[], T>(run: (...args: Args) => Promise<T>) =>
    async function troubledCall(...args: Args): Promise<T> {
      times.push(clock.monotonic());
      const error = fail(times.length);
      if (error) throw error;
      return run(...args);
    };
  const methods = {
    read: troubled(inner.read),
    write: troubled(inner.write),
    touch: troubled(inner.touch),
    destroy: troubled(inner.destroy),
    list: troubled(inner.list),
  };
  return { handler: { ...inner, ...methods }, times };
}

const create = { replaces: undefined, ttlSeconds: 3600 };

/** One call of each operation. */
export const operations: readonly {
  readonly method: Method;
  readonly changes: boolean;
  make(handler: SessionHandler & ListingSessionHandler, options?: { readonly signal?: AbortSignal }): Promise<unknown>;
}[] = [
  { method: "read", changes: false, make: (handler, options) => handler.read("a", options) },
  { method: "list", changes: false, make: (handler, options) => handler.list(options) },
  {
    method: "write",
    changes: true,
    make: (handler, options) => handler.write("a", Uint8Array.of(1), { ...create, ...options }),
  },
  { method: "touch", changes: true, make: (handler, options) => handler.touch("a", 60, options) },
  { method: "destroy", changes: true, make: (handler, options) => handler.destroy("a", options) },
];

/** The first calls fail. */
export function failing(calls: number, code: SessionErrorCode, outcome: Outcome | undefined) {
  return (call: number): Error | undefined =>
    call <= calls ? new SessionError(code, "It is in trouble.", { outcome }) : undefined;
}
