import type { Redis } from "ioredis";
import { type Clock, SessionError } from "sessionwire";
import { saysAlive, toSessionError } from "./errors.ts";
import type { RedisClient } from "./source.ts";

/** The handler's own connection: opened when it is needed, one at a time, and never brought back by the driver. */
export class RedisConnection {
  readonly #makeClient: () => RedisClient;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  #client: RedisClient | undefined;
  #opening: Opening | undefined;
  #isGathering = false;
  #closed = false;

  constructor(makeClient: () => RedisClient, timeoutMs: number, clock: Clock) {
    this.#makeClient = makeClient;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  /** The connection, if there is one that can be written to. */
  get current(): RedisClient | undefined {
    const client = this.#client;
    return client?.status === "ready" && isWritable(client) ? client : undefined;
  }

  /** The connection, or the one being opened, or a new one. */
  open(): Promise<RedisClient> {
    const { current } = this;
    if (current) return Promise.resolve(current);
    this.#opening ??= this.#startOpening();
    return this.#opening.client;
  }

  /**
   * Lets all that is written in this turn leave together: under load, a system call for each command costs more than the
   * command. They stay commands of their own, so one that fails or waits holds up no other.
   */
  gatherWrites(client: RedisClient): void {
    if (this.#isGathering || !("stream" in client)) return;
    const { stream } = client;
    this.#isGathering = true;
    stream.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      stream.uncork();
    });
  }

  /**
   * Drops the connection, or the attempt to open one, and opens another. Overlapping calls share the new one. When all of
   * them have given up, so does the attempt: the next call must not wait for one that may have no answer to hope for.
   */
  async reconnect(signal: AbortSignal): Promise<void> {
    if (!this.#opening?.reconnections) {
      this.#drop(new SessionError("unavailable", "The connection to Redis is being replaced."));
      this.#opening = this.#startOpening();
    }
    const opening = this.#opening;
    const leave = () => {
      opening.reconnections -= 1;
      if (opening.reconnections > 0 || this.#opening !== opening) return;
      this.#drop(new SessionError("unavailable", "The new connection to Redis was given up."));
    };
    opening.reconnections += 1;
    signal.addEventListener("abort", leave);
    try {
      await opening.client;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  close(): void {
    this.#closed = true;
    this.#drop(new SessionError("closed", "Redis is closed."));
  }

  #startOpening(): Opening {
    if (this.#closed) throw new SessionError("closed", "Redis is closed.");
    const client = this.#makeClient();
    const attempt = connect(client, this.#timeoutMs, this.#clock);
    const opened = attempt.opened.then(
      () => {
        if (this.#opening?.abandon === attempt.abandon) this.#opening = undefined;
        this.#client = client;
        return client;
      },
      (error: unknown) => {
        if (this.#opening?.abandon === attempt.abandon) this.#opening = undefined;
        throw toSessionError(error);
      },
    );
    return { client: opened, abandon: attempt.abandon, reconnections: 0 };
  }

  #drop(reason: SessionError): void {
    const opening = this.#opening;
    const client = this.#client;
    this.#opening = undefined;
    this.#client = undefined;
    opening?.abandon(reason);
    if (client) discard(client);
  }
}

interface Opening {
  readonly client: Promise<RedisClient>;
  /** How many calls of `reconnect` wait for it; 0 when it was started by an operation. */
  reconnections: number;
  abandon(reason: unknown): void;
}

/** Resolves once the client is connected and has answered; a client that did not get so far is discarded. */
function connect(
  client: RedisClient,
  timeoutMs: number,
  clock: Clock,
): { opened: Promise<void>; abandon: Opening["abandon"] } {
  let abandon: Opening["abandon"] = () => {};
  const opened = new Promise<void>((resolve, reject) => {
    let isOpen = false;
    let isDiscarded = false;
    abandon = (reason) => {
      // A failure shows up as an event and as a rejection, and ioredis waits for the end of a client that is ended twice.
      if (isDiscarded) return;
      isDiscarded = true;
      cancelTimer();
      discard(client);
      reject(reason);
    };
    const cancelTimer = clock.schedule(() => abandon(noConnection(timeoutMs)), timeoutMs);
    // Tells more than the rejection of `connect`, and is the only sign of a database that cannot be selected. After the
    // opening, an error ends in the rejection of what was under way, which says all that there is to say.
    client.on("error", (error: unknown) => {
      if (!isOpen) abandon(error);
    });
    client
      .connect()
      .then(() => pingClient(client))
      .then(() => {
        isOpen = true;
        cancelTimer();
        resolve();
      })
      .catch(abandon);
  });
  return { opened, abandon };
}

/** With the code of a call that runs out of time, since which of the two is first is a matter of chance. */
function noConnection(timeoutMs: number): SessionError {
  return new SessionError("timeout", `There was no connection to Redis within ${timeoutMs} ms.`);
}

/** Asks the server, or every master of a Cluster, for a sign of life. An error reply of a server in trouble is one, too. */
export async function pingClient(client: RedisClient): Promise<void> {
  const servers = "nodes" in client ? client.nodes("master") : [client];
  await Promise.all(servers.map(pingServer));
}

async function pingServer(server: Pick<RedisClient, "ping">): Promise<void> {
  try {
    await server.ping();
  } catch (error) {
    if (!saysAlive(error)) throw error;
  }
}

/** Ends a client at once: what is under way rejects, and a peer that does not answer is not waited for. */
function discard(client: RedisClient): void {
  const streams = ("nodes" in client ? client.nodes("all") : [client]).map((server) => server.stream);
  for (const stream of streams) if (stream) reset(stream);
  client.disconnect();
  for (const stream of streams) stream?.destroy();
}

/**
 * Keeps the kernel from delivering later what it still holds: the creation of a session, for one, that has been destroyed since.
 * Only TCP has that; a connection with TLS, or to a socket in the file system, is ended in the usual way.
 */
function reset(stream: Redis["stream"]): void {
  if (!("encrypted" in stream) && stream.remoteAddress !== undefined) stream.resetAndDestroy();
}

function isWritable(client: RedisClient): boolean {
  return !("stream" in client) || client.stream?.writable !== false;
}
