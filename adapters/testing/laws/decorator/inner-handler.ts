import type {
  DestroyResult,
  ListingSessionHandler,
  NetworkedSessionHandler,
  OperationOptions,
  SessionHandler,
  StoredSession,
  WriteResult,
} from "sessionwire";
import type {
  ConnectionOptions,
  DestroyOptions,
  ListOptions,
  ReadOptions,
  SessionPage,
  WriteOptions,
} from "sessionwire/backend";

type Method = "read" | "write" | "touch" | "destroy" | "list" | "ping" | "reconnect" | "close";

/**
 * The handler inside a decorator: it records its calls, and gives prescribed answers. Its methods work only on an
 * instance of its class.
 */
export class InnerHandler implements SessionHandler {
  /** The method and the arguments of each call except close, in order. */
  readonly asked: (readonly [method: Method, ...args: unknown[]])[] = [];
  /** Its answers, by method. Without one, there is no session. */
  readonly answers: { [Name in Method]?: (options: OperationOptions | undefined) => unknown } = {};
  /** The number of times that it was closed. */
  closes = 0;

  async read(id: string, options?: ReadOptions): Promise<StoredSession | undefined> {
    return this.answer("read", [id, options], options, undefined);
  }

  async write(id: string, data: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    return this.answer("write", [id, data, options], options, { written: false, current: undefined });
  }

  async touch(id: string, ttlSeconds: number, options?: OperationOptions): Promise<boolean> {
    return this.answer("touch", [id, ttlSeconds, options], options, false);
  }

  async destroy(id: string, options?: DestroyOptions): Promise<DestroyResult> {
    return this.answer("destroy", [id, options], options, { destroyed: false, current: undefined });
  }

  async close(): Promise<void> {
    this.closes += 1;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  protected async answer<T>(
    method: Method,
    args: readonly unknown[],
    options: OperationOptions | undefined,
    otherwise: T,
  ): Promise<T> {
    this.#note(method, args);
    const answer = this.answers[method];
    return answer ? ((await answer(options)) as T) : otherwise; // prescribed by the test for this method
  }

  /** Private, so that a method without its instance fails. */
  #note(method: Method, args: readonly unknown[]): void {
    this.asked.push([method, ...args]);
  }
}

/** An inner handler with connections. */
export class NetworkedInnerHandler extends InnerHandler implements NetworkedSessionHandler {
  readonly #name = "a server";

  async ping(options?: ConnectionOptions): Promise<void> {
    return this.answer("ping", [options], options, undefined);
  }

  async reconnect(options?: ConnectionOptions): Promise<void> {
    return this.answer("reconnect", [options], options, undefined);
  }

  connectionOf(id: string): string {
    return `${this.#name} for ${id}`;
  }
}

/** An inner handler that can list. */
export class ListingInnerHandler extends InnerHandler implements ListingSessionHandler {
  async list(options?: ListOptions): Promise<SessionPage> {
    return this.answer("list", [options], options, { ids: [], next: undefined });
  }
}
