import type { Redis } from "ioredis";
import { type Clock, SessionError } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";
import type { CancellableTask } from "./cancellable-task.ts";
import { resetAndDestroy } from "./connector.ts";
import { saysAlive } from "./errors.ts";
import type { SafeOptions } from "./safe-options.ts";
import type { ServerAbilities } from "./server-abilities.ts";

/** The client class of ioredis. */
export type Client = typeof Redis;

/** The settings that all connections of a handler share. */
export interface Opening {
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly abilities: ServerAbilities;
}

/** The settings from which the connections of a handler are created. */
export interface Making extends Opening {
  readonly Client: Client;
  readonly safe: SafeOptions;
}

/** Opens the connection of a client, which is up once the server has answered. */
export function connect(client: Redis, { timeoutMs, clock, abilities }: Opening): CancellableTask<Redis> {
  return connectAndRun(client, timeoutMs, clock, async () => {
    await greetServer(client, abilities);
    return client;
  });
}

/** Asks a server for the facts that are needed before it is used. */
export async function greetServer(client: Redis, abilities: ServerAbilities): Promise<void> {
  await Promise.all([pingServer(client), abilities.learn(client)]);
}

/** Opens the connection of a client, runs one command and ends it, for a question that is asked once. */
export function ask<T>(client: Redis, timeoutMs: number, clock: Clock, talk: () => Promise<T>): CancellableTask<T> {
  const { result, cancel } = connectAndRun(client, timeoutMs, clock, talk);
  const ended = result.then((said) => {
    discard(client);
    return said;
  });
  return { result: ended, cancel };
}

/** Connects a client and talks to the server, all within the time limit; on failure, the client is discarded. */
export function connectAndRun<T>(
  client: Redis,
  timeoutMs: number,
  clock: Clock,
  talk: () => Promise<T>,
): CancellableTask<T> {
  let cancel: CancellableTask<T>["cancel"] = () => {};
  const result = new Promise<T>((resolve, reject) => {
    let isOpen = false;
    let isDiscarded = false;
    cancel = (reason) => {
      // A failure appears both as an event and as a rejection, and ioredis waits for the end of a client that is ended
      // twice.
      if (isDiscarded) return;
      isDiscarded = true;
      cancelTimer();
      discard(client);
      reject(reason);
    };
    const cancelTimer = scheduleDeadline(clock, () => cancel(noConnection(timeoutMs)), timeoutMs);
    // The event says more than the rejection of `connect`, and is the only sign of a database that cannot be selected.
    // After the opening, an error makes the commands under way reject, which is all that needs to be reported.
    client.on("error", (error: unknown) => {
      if (!isOpen) cancel(error);
    });
    client
      .connect()
      .then(talk)
      .then((said) => {
        if (isDiscarded) return;
        isOpen = true;
        cancelTimer();
        resolve(said);
      })
      .catch((error: unknown) => cancel(error));
  });
  return { result, cancel: (reason) => cancel(reason) };
}

/**
 * Returns an error with the same code as a call that times out, because it is a matter of chance which of the two comes
 * first.
 */
function noConnection(timeoutMs: number): SessionError {
  return new SessionError("timeout", `There was no connection to Redis within ${timeoutMs} ms.`);
}

/** Asks the server for a sign of life. An error reply of a server in trouble also counts. */
export async function pingServer(client: Redis): Promise<void> {
  try {
    await client.ping();
  } catch (error) {
    if (!saysAlive(error)) throw error;
  }
}

/** Ends a client at once: commands under way reject, and a peer that does not answer is not awaited. */
export function discard(client: Redis): void {
  // The kernel must not deliver its remaining data later, such as the creation of a session that has been destroyed
  // since.
  if (client.stream) resetAndDestroy(client.stream);
  client.disconnect();
}
