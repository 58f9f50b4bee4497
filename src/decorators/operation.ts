import type { CancelSource } from "../handler.ts";

/**
 * An operation that passes through a decorator.
 *
 * @public
 */
export interface Operation {
  /** The method that was called. */
  readonly kind: "read" | "write" | "touch" | "destroy" | "list";
  /** The name for traces and metrics, for instance `"session.read"`. It never contains an id. */
  readonly name: string;
  /** The id of the session; absent for a listing, which concerns the whole store. Keep it out of logs. */
  readonly id: string | undefined;
  /** `true` for a write, touch or destroy, which may change something. */
  readonly changes: boolean;
  /** Reports that the caller has given up. */
  readonly cancellation: CancelSource | undefined;
  /** The cancellation as a signal, for APIs that take one. It is created on first access. */
  readonly signal: AbortSignal | undefined;
  /**
   * Copies arguments that the caller may change later. A decorator that calls `next` more than once must call it before
   * the first time; the arguments of an operation that waits before `next` are copied anyway.
   */
  keepArguments(): void;
}
