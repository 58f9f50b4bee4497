import {
  type ListingSessionHandler,
  type NetworkedSessionHandler,
  SessionError,
  type SessionHandler,
  type StoredSession,
  type Version,
} from "sessionwire";
import type { ListOptions, WriteOptions } from "sessionwire/backend";

/** The methods that a decorator passes on with an operation. */
export type Method = "read" | "write" | "touch" | "destroy" | "list";

/** A call as the inner handler received it, and its answer. */
export interface Asked {
  readonly method: Method;
  readonly id: string | undefined;
  /** A copy of the data of a write. */
  readonly data: Uint8Array | undefined;
  readonly options: AllOptions;
  readonly answer: Promise<unknown>;
}

type AllOptions = {
  readonly [Name in keyof (WriteOptions & ListOptions)]?: (WriteOptions & ListOptions)[Name] | undefined;
};

/** Maximum size of a session in a store that states one, in bytes. */
export const MAX_BYTES = 4096;

/** The inner handlers, all on one store, which stores data and records its calls. */
export class WitnessStore {
  readonly entries: Map<string, StoredSession> = new Map();
  readonly asked: Asked[] = [];
  closes = 0;
  readonly #maxBytes: number | undefined;
  #versions = 0;
  #failure: Error | undefined;
  #isSilent = false;

  constructor(maxBytes: number | undefined) {
    this.#maxBytes = maxBytes;
  }

  createHandler(lists: boolean): NetworkedSessionHandler & Partial<ListingSessionHandler> {
    const close = async () => {
      this.closes += 1;
    };
    return {
      ...(this.#maxBytes !== undefined && { maxBytes: this.#maxBytes }),
      read: (id, options) => this.#ask("read", id, undefined, options, () => this.#find(id)),
      write: (id, data, options) => {
        const copy = new Uint8Array(data);
        return this.#ask("write", id, copy, options, () => this.#write(id, copy, options.replaces));
      },
      touch: (id, ttlSeconds, options) =>
        this.#ask("touch", id, undefined, { ...options, signal: options?.signal, ttlSeconds }, () =>
          this.entries.has(id),
        ),
      destroy: (id, options) =>
        this.#ask("destroy", id, undefined, options, () => {
          const current = this.#find(id);
          const { replaces } = options ?? {};
          if (!current || (replaces ?? current.version) !== current.version) return { destroyed: false, current };
          this.entries.delete(id);
          return { destroyed: true };
        }),
      ...(lists && { list: (options) => this.#ask("list", undefined, undefined, options, () => this.#list(options)) }),
      ping: async () => {},
      reconnect: async () => {},
      close,
      [Symbol.asyncDispose]: close,
    } satisfies SessionHandler & Partial<ListingSessionHandler & NetworkedSessionHandler>;
  }

  /** Makes the next call fail without being applied. */
  fail(error: Error): void {
    this.#failure = error;
  }

  /** Leaves the next call unanswered; it can be given up. */
  beSilent(): void {
    this.#isSilent = true;
  }

  /** Answers the next call as usual: the call that should have failed was never made. */
  behave(): void {
    this.#failure = undefined;
    this.#isSilent = false;
  }

  /** Writes as another program would, bypassing all decorators. */
  put(id: string, data: Uint8Array): Version {
    this.#versions += 1;
    const version = `v${this.#versions}` as Version; // the only place where this store creates versions
    this.entries.set(id, { data, version });
    return version;
  }

  #ask<T>(
    method: Method,
    id: string | undefined,
    data: Uint8Array | undefined,
    options: AllOptions | undefined,
    take: () => T,
  ): Promise<T> {
    const answer = this.#answer(options?.signal, method, take);
    answer.catch(() => {}); // its caller handles the error
    this.asked.push({ method, id, data, options: { ...options }, answer });
    return answer;
  }

  async #answer<T>(signal: AbortSignal | undefined, method: Method, take: () => T): Promise<T> {
    const [failure, isSilent] = [this.#failure, this.#isSilent];
    this.behave();
    if (failure) throw failure;
    if (!isSilent) return take();
    const outcome = method === "read" || method === "list" ? undefined : "unknown";
    return new Promise((_, reject) => {
      const giveUp = () =>
        reject(new SessionError("aborted", "The call was given up.", { cause: signal?.reason, outcome }));
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  }

  #find(id: string): StoredSession | undefined {
    const entry = this.entries.get(id);
    return entry && { ...entry, data: entry.data.slice() };
  }

  #write(id: string, data: Uint8Array, replaces: Version | undefined) {
    if (data.length > (this.#maxBytes ?? Number.POSITIVE_INFINITY)) {
      throw new SessionError("too-large", "The session is too large.", { outcome: "not-applied" });
    }
    const current = this.#find(id);
    if (current?.version !== replaces) return { written: false as const, current };
    return { written: true as const, version: this.put(id, data) };
  }

  /** Lists one id per page. */
  #list({ prefix = "", cursor = "0" }: ListOptions = {}) {
    const ids = [...this.entries.keys()].filter((id) => id.startsWith(prefix)).sort();
    const place = Number(cursor);
    return { ids: ids.slice(place, place + 1), next: place + 1 < ids.length ? String(place + 1) : undefined };
  }
}
