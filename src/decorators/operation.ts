import type { CancelSource } from "../handler.ts";

/**
 * An operation on its way through a decorator.
 *
 * @public
 */
export interface Operation {
  /** The method that was called. */
  readonly kind: "read" | "write" | "touch" | "destroy" | "list";
  /** The name for a trace or a metric, `"session.read"` for instance. It never contains an id. */
  readonly name: string;
  /** The id of the session; absent for a listing, which concerns the whole store. Keep it out of logs. */
  readonly id: string | undefined;
  /** `true` for a write, a touch or a destroy, which may change something. */
  readonly changes: boolean;
  /** Tells that the caller has given up. */
  readonly cancellation: CancelSource | undefined;
  /** The cancellation as a signal, for what takes one. It is made when it is looked at. */
  readonly signal: AbortSignal | undefined;
  /**
   * Copies what the caller may change later. Needed before the first `next` of a decorator that calls it more than once; the arguments
   * of an operation that waits before `next` are copied anyway.
   */
  keepArguments(): void;
}
