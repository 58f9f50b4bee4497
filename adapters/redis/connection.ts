import type { Redis } from "ioredis";
import { type Clock, SessionError } from "sessionwire";
import type { Call } from "sessionwire/backend";
import type { CancellableTask } from "./cancellable-task.ts";
import { discard, pingServer } from "./client.ts";
import { closedError, making, toSessionError } from "./errors.ts";
import { SharedTask } from "./shared-task.ts";

/** The connections of a handler: a single one, or one to each master of a Cluster. */
export interface RedisConnections {
  /** Sends a command for a key; rejects with the error of the client, or with a `SessionError`. */
  send<T>(key: string, call: Call, command: (client: Redis) => Promise<T>): Promise<T>;
  /** Sends a command to the server of this name. */
  sendTo<T>(server: string, call: Call, command: (client: Redis) => Promise<T>): Promise<T>;
  /** Returns the names of the masters of a Cluster; `undefined` if there is one server, whose name is `""`. */
  servers(call: Call): Promise<readonly string[] | undefined>;
  /** Returns the connection that a key needs, as far as it is known; absent if there is only one. */
  connectionOf?(key: string): string;
  ping(connection: string | undefined, call: Call): Promise<void>;
  reconnect(connection: string | undefined, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** The way in which a connection is opened. */
export interface Opener {
  open(): CancellableTask<Redis>;
  /** The time within which an attempt to open a connection ends by itself, in ms. */
  readonly withinMs: number;
  /** Rejects if the server of a working client is no longer the right one. */
  isCurrent?(client: Redis): CancellableTask<unknown>;
}

/** A connection to one server: opened on demand, and never reopened by the driver. */
export class RedisConnection implements RedisConnections {
  readonly #open: Opener["open"];
  readonly #isCurrent: Opener["isCurrent"];
  readonly #opening: SharedTask<Redis>;
  #client: Redis | undefined;
  /** The attempt whose client is wanted. */
  #latest: CancellableTask<Redis> | undefined;
  #closed = false;

  constructor(opener: Opener, clock: Clock) {
    this.#open = opener.open;
    this.#isCurrent = opener.isCurrent;
    this.#opening = new SharedTask(clock, opener.withinMs);
  }

  /** The client, if it can be written to. */
  get current(): Redis | undefined {
    const client = this.#client;
    return client?.status === "ready" && client.stream?.writable !== false ? client : undefined;
  }

  get isOpening(): boolean {
    return this.#opening.isRunning;
  }

  /** Returns the client, the one being connected, or a new one. */
  async open(call: Call): Promise<Redis> {
    return this.current ?? this.#opening.join(() => this.#start(), call);
  }

  send<T>(_key: string, call: Call, command: (client: Redis) => Promise<T>): Promise<T> {
    const client = this.current;
    return client ? this.#sendOn(client, call, command) : this.#sendOnNext(call, command);
  }

  sendTo<T>(server: string, call: Call, command: (client: Redis) => Promise<T>): Promise<T> {
    return this.send(server, call, command);
  }

  async servers(): Promise<undefined> {}

  async ping(_connection: string | undefined, call: Call): Promise<void> {
    await this.send("", call, pingServer);
    const asked = this.current && this.#isCurrent?.(this.current);
    if (asked === undefined) return;
    call.signal.addEventListener("abort", () => asked.cancel(call.signal.reason));
    await asked.result;
  }

  /** Drops the connection, or the attempt to open one, and opens another. Overlapping calls share the new one. */
  async reconnect(_connection: string | undefined, signal: AbortSignal): Promise<void> {
    const givenUp = new SessionError("unavailable", "The new connection to Redis was given up.");
    await this.#opening.renew(() => this.#start(), signal, givenUp);
  }

  close(): void {
    this.#closed = true;
    this.#opening.cancel(closedError());
    this.#drop();
  }

  async #sendOnNext<T>(call: Call, command: (client: Redis) => Promise<T>): Promise<T> {
    let client = await this.open(call);
    while (client !== this.#client) client = await this.open(call); // it was replaced before anything was sent on it
    return this.#sendOn(client, call, command);
  }

  #sendOn<T>(client: Redis, call: Call, command: (client: Redis) => Promise<T>): Promise<T> {
    return call.send(() => {
      gatherWrites(client);
      return command(client);
    });
  }

  #start(): CancellableTask<Redis> {
    if (this.#closed) throw closedError();
    this.#drop();
    const attempt = making(this.#open);
    this.#latest = attempt;
    const result = attempt.result.then(
      (client) => {
        if (this.#latest === attempt) {
          this.#client = client;
          return client;
        }
        discard(client); // abandoned at the moment of its success
        throw new SessionError("unavailable", "The connection to Redis was replaced.");
      },
      (error: unknown) => {
        throw toSessionError(error);
      },
    );
    return { result, cancel: attempt.cancel };
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#latest = undefined;
    if (client) discard(client);
  }
}

/**
 * Sends all commands of this turn together: under load, a system call for each costs more than the command. They remain
 * separate commands, so one that fails or waits delays no other. A command that is alone on the connection is sent at
 * once, because none may follow it, and gathering costs half a kilobyte.
 */
function gatherWrites({ stream, commandQueue }: Redis): void {
  if (commandQueue.length === 0 || stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(uncork, stream);
}

function uncork(stream: Redis["stream"]): void {
  stream.uncork();
}
