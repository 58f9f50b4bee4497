import { isSessionError, type NetworkedSessionHandler } from "sessionwire";

/** A report on the connection check, for display. */
export interface ConnectionReport {
  /** Time since the last answer of the store, in ms; absent if it has never answered. */
  readonly answeredAgoMs: number | undefined;
  readonly ping: AttemptReport;
  readonly reconnection: AttemptReport;
}

export interface AttemptReport {
  readonly count: number;
  readonly failed: number;
  readonly isRunning: boolean;
  /** The last attempt that has ended: `ok`, `no answer`, or the code of another error. */
  readonly last: { readonly agoMs: number; readonly tookMs: number; readonly result: string } | undefined;
}

/**
 * Observes the calls between `withConnectionCheck` and its inner handler: the check calls `ping` and `reconnect` of the
 * handler that it wraps.
 */
export class ConnectionLog {
  readonly #ping = new Attempts();
  readonly #reconnection = new Attempts();
  #answeredAt: number | undefined;
  #onChange: () => void = () => {};

  /** Calls the function whenever the report has changed. */
  subscribe(onChange: () => void): void {
    this.#onChange = onChange;
  }

  report(): ConnectionReport {
    return {
      answeredAgoMs: this.#answeredAt === undefined ? undefined : performance.now() - this.#answeredAt,
      ping: this.#ping.report(),
      reconnection: this.#reconnection.report(),
    };
  }

  /** Returns the handler, observed but otherwise unchanged. */
  watch(handler: NetworkedSessionHandler): NetworkedSessionHandler {
    return {
      read: (id, options) => this.#watch(handler.read(id, options)),
      write: (id, data, options) => this.#watch(handler.write(id, data, options)),
      touch: (id, ttlSeconds, options) => this.#watch(handler.touch(id, ttlSeconds, options)),
      destroy: (id, options) => this.#watch(handler.destroy(id, options)),
      ping: (options) => this.#watch(handler.ping(options), this.#ping),
      reconnect: (options) => this.#watch(handler.reconnect(options), this.#reconnection),
      ...(handler.connectionOf && { connectionOf: (id: string) => handler.connectionOf?.(id) ?? "" }),
      close: () => handler.close(),
      [Symbol.asyncDispose]: () => handler.close(),
    };
  }

  #watch<Result>(call: Promise<Result>, attempts?: Attempts): Promise<Result> {
    const end = attempts?.begin();
    if (end) this.#onChange();
    call.then(
      () => {
        this.#answeredAt = performance.now();
        end?.("ok");
        this.#onChange();
      },
      (error: unknown) => {
        end?.(resultOf(error));
        this.#onChange();
      },
    );
    return call; // the caller handles its failure
  }
}

/** Names the result. The check gives up slow attempts, which the inner handler reports as `aborted`. */
function resultOf(error: unknown): string {
  if (!isSessionError(error)) return "failed";
  return error.code === "aborted" || error.code === "timeout" ? "no answer" : error.code;
}

class Attempts {
  #count = 0;
  #failed = 0;
  #running = 0;
  #last: { readonly endedAt: number; readonly tookMs: number; readonly result: string } | undefined;

  /** Returns a function to be called when the attempt has ended. */
  begin(): (result: string) => void {
    const startedAt = performance.now();
    this.#running += 1;
    return (result) => {
      const endedAt = performance.now();
      this.#running -= 1;
      this.#count += 1;
      if (result !== "ok") this.#failed += 1;
      this.#last = { endedAt, tookMs: endedAt - startedAt, result };
    };
  }

  report(): AttemptReport {
    const last = this.#last && {
      agoMs: performance.now() - this.#last.endedAt,
      tookMs: this.#last.tookMs,
      result: this.#last.result,
    };
    return { count: this.#count, failed: this.#failed, isRunning: this.#running > 0, last };
  }
}
