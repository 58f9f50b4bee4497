import { checkCount, checkMethods, checkOptionNames, MAX_BYTES } from "../backend/checks.ts";
import type { MaybePromise } from "../backend/session-backend.ts";
import type { Cancellation, ConnectionOptions } from "../handler.ts";
import type { Operation } from "./operation.ts";

/**
 * Hears how an operation ends.
 *
 * @public
 */
export interface OperationObserver {
  /** The handler inside has answered, and the caller hears of it next. What it throws fails an operation that may have been applied. */
  answered(result: unknown): void;
  /** The handler inside has rejected, with this error. */
  failed(error: unknown): void;
}

/**
 * The hooks of a decorator around the calls of the handler inside. Calls without a hook pass through.
 *
 * @public
 */
export interface DecoratorHooks {
  /**
   * Runs before a read, write, touch, destroy or list is passed on, and may return what hears how it ends. It costs less than
   * `operation`, for a decorator that only watches or waits.
   *
   * @remarks
   * A promise keeps the operation waiting, under the same terms as `operation` does. An error makes it reject with outcome
   * `not-applied`. Where there is an `operation` as well, that follows.
   */
  before?(operation: Operation): MaybePromise<OperationObserver | undefined>;
  /**
   * Runs a read, write, touch, destroy or list; `next` passes it on.
   *
   * @remarks
   * Arguments have been checked, and the operation has not been given up. It may be kept waiting for as long as need be: a caller who
   * gives up, or a close, ends it at once, and from then on `next` rejects and passes nothing on. What fails before `next` has the
   * outcome `not-applied`. An error of somebody else is wrapped.
   *
   * `next` passes the caller's options on; with a cancellation, that one takes the place of the caller's. It is called once, unless
   * {@link Operation.keepArguments} was called before.
   */
  operation?<T>(operation: Operation, next: (cancellation?: AbortSignal | Cancellation) => Promise<T>): Promise<T>;
  /** Pings; `next` does so with the caller's options, or with others. */
  ping?(next: (options?: ConnectionOptions) => Promise<void>, options: ConnectionOptions): Promise<void>;
  /** Reconnects; `next` does so with the caller's options, or with others. */
  reconnect?(next: (options?: ConnectionOptions) => Promise<void>, options: ConnectionOptions): Promise<void>;
  /** Closes; once. `next` closes the handler inside, which happens in any case. */
  close?(next: () => Promise<void>): Promise<void>;
  /**
   * Encodes the data of a write for the handler inside. `data` is a copy.
   *
   * @remarks
   * An error makes the write reject with outcome `not-applied`; an error of somebody else has code `failed`. Encoded data over the
   * `maxBytes` of the handler inside is refused as `too-large`.
   */
  encode?(data: Uint8Array, operation: Operation): MaybePromise<Uint8Array>;
  /**
   * Undoes `encode`, for a read and for the `current` of a refused write or destroy. `data` is a copy.
   *
   * @remarks
   * An error of somebody else becomes code `corrupt`. The version is that of the handler inside.
   */
  decode?(data: Uint8Array, operation: Operation): MaybePromise<Uint8Array>;
  /**
   * The most bytes that a session may have outside, before `encode`: more is refused as `too-large`.
   *
   * @defaultValue what the handler inside says; with `encode`, nothing is said
   */
  readonly maxBytes?: number | undefined;
}

export function checkHooks(hooks: DecoratorHooks): void {
  checkOptionNames("The decorator", hooks, [...hookNames, "maxBytes"]);
  checkMethods(
    "The decorator",
    hooks,
    hookNames.filter((name) => hooks[name] !== undefined),
  );
  if (hooks.maxBytes !== undefined) checkCount("maxBytes", hooks.maxBytes, 1, MAX_BYTES);
}

const hookNames = ["before", "operation", "ping", "reconnect", "close", "encode", "decode"] as const;
