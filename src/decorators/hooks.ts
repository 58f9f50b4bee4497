import { checkCount, checkMethods, checkOptionNames, MAX_BYTES } from "../backend/checks.ts";
import type { MaybePromise } from "../backend/session-backend.ts";
import type { Cancellation, ConnectionOptions } from "../handler.ts";
import type { Operation } from "./operation.ts";

/**
 * Observes how an operation ends.
 *
 * @public
 */
export interface OperationObserver {
  /**
   * Called when the handler inside has answered, before the caller is answered. If it throws, the operation fails
   * although it may have been applied.
   */
  answered(result: unknown): void;
  /** Called when the handler inside has rejected with this error. */
  failed(error: unknown): void;
}

/**
 * The hooks of a decorator around the calls of the handler inside. Calls without a hook pass through.
 *
 * @public
 */
export interface DecoratorHooks {
  /**
   * Runs before a read, write, touch, destroy or list is passed on, and may return an observer of its end. It costs
   * less than `operation`, for a decorator that only observes or waits.
   *
   * @remarks
   * A promise keeps the operation waiting, under the same conditions as `operation` does. If it throws or rejects, the
   * operation rejects with outcome `not-applied`. If there is also an `operation` hook, it follows.
   */
  before?(operation: Operation): MaybePromise<OperationObserver | undefined>;
  /**
   * Runs a read, write, touch, destroy or list; `next` passes it on.
   *
   * @remarks
   * Arguments have been checked, and the operation has not been cancelled. The hook may wait as long as necessary: a
   * caller that gives up, or a close, ends the operation at once, and from then on `next` rejects and passes nothing
   * on. A failure before `next` has the outcome `not-applied`. Foreign errors are wrapped.
   *
   * `next` passes on the caller's options; a cancellation given to it replaces the caller's. It may be called only
   * once, unless {@link Operation.keepArguments} was called before.
   */
  operation?<T>(operation: Operation, next: (cancellation?: AbortSignal | Cancellation) => Promise<T>): Promise<T>;
  /** Pings; `next` pings the handler inside, with the caller's or other options. */
  ping?(next: (options?: ConnectionOptions) => Promise<void>, options: ConnectionOptions): Promise<void>;
  /** Reconnects; `next` reconnects the handler inside, with the caller's or other options. */
  reconnect?(next: (options?: ConnectionOptions) => Promise<void>, options: ConnectionOptions): Promise<void>;
  /** Closes the decorator, once. `next` closes the handler inside, which happens in any case. */
  close?(next: () => Promise<void>): Promise<void>;
  /**
   * Encodes the data of a write for the handler inside. `data` is a copy.
   *
   * @remarks
   * If it fails, the write rejects with outcome `not-applied`; foreign errors get code `failed`. Encoded data above the
   * `maxBytes` of the handler inside is refused as `too-large`.
   */
  encode?(data: Uint8Array, operation: Operation): MaybePromise<Uint8Array>;
  /**
   * Reverses `encode`, for a read and for the `current` of a refused write or destroy. `data` is a copy.
   *
   * @remarks
   * Foreign errors get code `corrupt`. The version is that of the handler inside.
   */
  decode?(data: Uint8Array, operation: Operation): MaybePromise<Uint8Array>;
  /**
   * Maximum size of a session in bytes outside the decorator, before `encode`: larger ones are refused as `too-large`.
   *
   * @defaultValue that of the handler inside; none with `encode`
   */
  readonly maxBytes?: number | undefined;
}

/**
 * The hooks of a decorator that stores sessions under other keys. It cannot list, because the ids of keys are unknown.
 *
 * @public
 */
export interface KeyHooks extends DecoratorHooks {
  /**
   * Returns the id that the handler inside receives: the same one whenever it is called with the same id, and different
   * ones for different ids.
   *
   * @remarks
   * It is called before the other hooks, which see the caller's id, and for `connectionOf`. If it throws or returns
   * anything but an id, the operation rejects with code `failed` and outcome `not-applied`.
   */
  key(id: string): string;
}

export function checkHooks(hooks: DecoratorHooks & Partial<KeyHooks>): void {
  checkOptionNames("The decorator", hooks, [...hookNames, "maxBytes"]);
  checkMethods(
    "The decorator",
    hooks,
    hookNames.filter((name) => hooks[name] !== undefined),
  );
  if (hooks.maxBytes !== undefined) checkCount("maxBytes", hooks.maxBytes, 1, MAX_BYTES);
}

const hookNames = ["before", "operation", "ping", "reconnect", "close", "encode", "decode", "key"] as const;
