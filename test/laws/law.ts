import type { Clock } from "sessionwire";
/** The parts of the package that a law is checked on: the real ones, or deliberately broken ones. */
export type Subject = Pick<
  typeof import("sessionwire"),
  "createGuardedHandler" | "withConnectionCheck" | "withTimeout" | "SessionError"
> &
  Pick<typeof import("sessionwire/memory"), "createMemoryHandler">;

/** How far a promise has got, without waiting for it. */
export function watch<T>(promise: Promise<T>): {
  state: "pending" | "resolved" | "rejected";
  value?: T;
  error?: unknown;
} {
  const watched: ReturnType<typeof watch<T>> = { state: "pending" };
  promise.then(
    (value) => Object.assign(watched, { state: "resolved", value }),
    (error: unknown) => Object.assign(watched, { state: "rejected", error }),
  );
  return watched;
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(data: Uint8Array | undefined): string | undefined {
  return data && new TextDecoder().decode(data);
}

/** One law and one way to see that it holds. `check` rejects when it does not. */
export interface Law<Of> {
  readonly law: number;
  readonly says: string;
  check(of: Of): Promise<void>;
}

/** What a simulated network is made of, when the parts may be broken ones. */
export function partsOf({ createGuardedHandler, createMemoryHandler }: Subject, clock: Clock) {
  return { createGuardedHandler, store: createMemoryHandler({ clock }) };
}
