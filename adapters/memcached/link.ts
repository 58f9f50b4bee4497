import { type Clock, SessionError } from "sessionwire";
import type { MemcachedConnection } from "./connection.ts";
import { closed } from "./errors.ts";

/** What leads to one server: a connection that is opened when it is needed, and replaced when it is lost. */
export class ServerLink {
  readonly #connect: () => MemcachedConnection;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  #current: Opening | undefined;
  #isClosed = false;

  constructor(connect: () => MemcachedConnection, timeoutMs: number, clock: Clock) {
    this.#connect = connect;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  /** The connection, if it is open; or else the one being opened, or a new one. */
  async open(): Promise<MemcachedConnection> {
    const { connection } = this.#usable ?? this.#start();
    if (!connection.isOpen) await connection.opened;
    return connection;
  }

  /**
   * Resolves when a fresh connection is open. Overlapping calls share one; when all of them have given up, so does the
   * attempt: the next one must not wait for what may have no answer to hope for.
   */
  async reconnect(signal: AbortSignal): Promise<void> {
    const opening = this.#renewal ?? this.#start();
    const leave = () => {
      opening.renewals -= 1;
      if (opening.renewals === 0) opening.connection.destroy(givenUp());
    };
    opening.renewals += 1;
    signal.addEventListener("abort", leave);
    try {
      await opening.connection.opened;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#current?.connection.destroy(closed());
  }

  get #usable(): Opening | undefined {
    return this.#current?.connection.isLost ? undefined : this.#current;
  }

  /** A connection that is being opened because somebody wants a fresh one. */
  get #renewal(): Opening | undefined {
    const opening = this.#usable;
    return opening && opening.renewals > 0 && !opening.connection.isOpen ? opening : undefined;
  }

  #start(): Opening {
    if (this.#isClosed) throw closed();
    this.#current?.connection.destroy(replaced());
    const connection = this.#connect();
    const giveUp = () => connection.destroy(noConnection(this.#timeoutMs));
    const cancelTimer = this.#clock.schedule(giveUp, this.#timeoutMs);
    connection.opened.then(cancelTimer, cancelTimer);
    this.#current = { connection, renewals: 0 };
    return this.#current;
  }
}

interface Opening {
  readonly connection: MemcachedConnection;
  /** How many calls of `reconnect` wait for it. */
  renewals: number;
}

/** With the code of a call that runs out of time, since which of the two is first is a matter of chance. */
function noConnection(timeoutMs: number): SessionError {
  return new SessionError("timeout", `There was no connection to Memcached within ${timeoutMs} ms.`);
}

function replaced(): SessionError {
  return new SessionError("unavailable", "The connection to Memcached is being replaced.");
}

function givenUp(): SessionError {
  return new SessionError("unavailable", "The new connection to Memcached was given up.");
}
