import type { Clock } from "sessionwire";

/** The parts of the package that a law is checked on: the real ones, or deliberately broken ones. */
export type Subject = Pick<
  typeof import("sessionwire"),
  | "rotate"
  | "withCompression"
  | "withConnectionCheck"
  | "withEncryption"
  | "withHashedKeys"
  | "withMigration"
  | "withObserver"
  | "withPolicy"
  | "withRetry"
  | "withTimeout"
> &
  Pick<typeof import("sessionwire/backend"), "createGuardedHandler"> &
  Pick<typeof import("sessionwire/memory"), "createMemoryHandler">;

/** One law and one way to see that it holds. `check` rejects when it does not. */
export interface Law<Of> {
  readonly law: number;
  readonly says: string;
  check(of: Of): Promise<void>;
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(data: Uint8Array | undefined): string | undefined {
  return data && new TextDecoder().decode(data);
}

/** What a simulated network is made of, when the parts may be broken ones. */
export function partsOf({ createGuardedHandler, createMemoryHandler }: Subject, clock: Clock) {
  return { createGuardedHandler, store: createMemoryHandler({ clock }) };
}
