import { type SessionHandler, withTimeout } from "sessionwire";
import type { PhpLocksOptions } from "sessionwire/symfony";
import { createReferenceHandler, createVirtualClock, type VirtualClock } from "sessionwire/testing";
import { bytes } from "../laws/law.ts";

/** The parts of the package that the laws of locks are checked on: the real ones, or deliberately broken ones. */
export type LockParts = Pick<typeof import("sessionwire/symfony"), "withPhpLocks">;

type Method = "read" | "write" | "touch" | "destroy" | "list";

/** A call that has reached the store. */
export interface ReceivedCall {
  readonly method: Method;
  readonly id: string | undefined;
}

/** What becomes of a call: `undefined` carries it out, an error rejects it, and `before` or `after` carry it out later. */
export type Fate = Error | { readonly before?: Promise<void>; readonly after?: Promise<void> } | undefined;

/** A handler with locks, the store inside, and PHP beside it. */
export interface LockedStore {
  readonly clock: VirtualClock;
  readonly handler: ReturnType<LockParts["withPhpLocks"]> & ReturnType<typeof createReferenceHandler>;
  /** The store as PHP sees it. */
  readonly store: ReturnType<typeof createReferenceHandler>;
  /** What has reached the store from the handler with locks. */
  readonly received: ReceivedCall[];
  /** Takes the lock as PHP does. Returns a function that releases it. */
  lockAsPhp(ttlSeconds?: number): Promise<() => Promise<void>>;
  isLocked(): Promise<boolean>;
}

/** The session of most cases, and the key of its lock. */
export const key = "PHPREDIS_SESSION:b3v8k0q1m5n7p2r4s6t9u0a1c2";
export const lockKey = `${key}_LOCK`;

export const create = { replaces: undefined, ttlSeconds: 3600 };

/** The calls that take the lock. */
export const changes: readonly {
  readonly method: "write" | "destroy";
  make(handler: SessionHandler, options?: { readonly signal?: AbortSignal }): Promise<unknown>;
}[] = [
  { method: "write", make: (handler, options) => handler.write(key, bytes("new"), { ...create, ...options }) },
  { method: "destroy", make: (handler, options) => handler.destroy(key, options) },
];

/** Puts locks around a store whose calls meet the fate that `fateOf` says. */
export function createLockedStore(
  { withPhpLocks }: LockParts,
  fateOf: (call: ReceivedCall) => Fate = () => undefined,
  options: Partial<PhpLocksOptions> = {},
): LockedStore {
  const clock = createVirtualClock();
  const store = createReferenceHandler({ clock });
  const received: ReceivedCall[] = [];
  const meetingFate = <Args extends readonly unknown[], T>(method: Method, run: (...args: Args) => Promise<T>) =>
    async function receivedCall(...args: Args): Promise<T> {
      const call = { method, id: method === "list" ? undefined : String(args[0]) };
      received.push(call);
      const fate = fateOf(call);
      if (fate instanceof Error) throw fate;
      await fate?.before;
      const answer = await run(...args);
      await fate?.after;
      return answer;
    };
  const inner = {
    ...store,
    read: meetingFate("read", store.read),
    write: meetingFate("write", store.write),
    touch: meetingFate("touch", store.touch),
    destroy: meetingFate("destroy", store.destroy),
    list: meetingFate("list", store.list),
  };
  const cancellable = withTimeout(inner, { timeoutMs: 2 ** 31 - 1, clock });
  return {
    clock,
    store,
    received,
    handler: withPhpLocks(cancellable, { style: "phpredis", clock, random: () => 0.5, ...options }),
    async lockAsPhp(ttlSeconds = 3600) {
      await store.write(lockKey, bytes("host|7"), { replaces: undefined, ttlSeconds });
      return async () => void (await store.destroy(lockKey));
    },
    isLocked: async () => (await store.read(lockKey)) !== undefined,
  };
}

/** The calls on the session itself. */
export function onSession(received: readonly ReceivedCall[]): string[] {
  return received.filter(({ id }) => id === key).map(({ method }) => method);
}
