import type { Redis } from "ioredis";
import { type Clock, SessionError } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";
import type { Attempt } from "./attempt.ts";
import { resetAndDestroy } from "./connector.ts";
import { saysAlive } from "./errors.ts";
import type { ServerAbilities } from "./server-abilities.ts";

/** The class of ioredis. */
export type Client = typeof Redis;

/** The settings that all connections of a handler share. */
export interface Opening {
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly abilities: ServerAbilities;
}

/** Opens the connection of a client; it is up once the server has answered. */
export function connect(client: Redis, { timeoutMs, clock, abilities }: Opening): Attempt<Redis> {
  return converse(client, timeoutMs, clock, async () => {
    await greetServer(client, abilities);
    return client;
  });
}

/** Asks a server for what is to be known before it is used. */
export async function greetServer(client: Redis, abilities: ServerAbilities): Promise<void> {
  await Promise.all([pingServer(client), abilities.learn(client)]);
}

/** Opens the connection of a client, says something and ends it: for what is asked once. */
export function ask<T>(client: Redis, timeoutMs: number, clock: Clock, talk: () => Promise<T>): Attempt<T> {
  const { result, abandon } = converse(client, timeoutMs, clock, talk);
  const ended = result.then((said) => {
    discard(client);
    return said;
  });
  return { result: ended, abandon };
}

/** Connects a client and talks to the server, all within the time; if that fails, the client is discarded. */
export function converse<T>(client: Redis, timeoutMs: number, clock: Clock, talk: () => Promise<T>): Attempt<T> {
  let abandon: Attempt<T>["abandon"] = () => {};
  const result = new Promise<T>((resolve, reject) => {
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
    const cancelTimer = scheduleDeadline(clock, () => abandon(noConnection(timeoutMs)), timeoutMs);
    // Tells more than the rejection of `connect`, and is the only sign of a database that cannot be selected. After the
    // opening, an error ends in the rejection of what was under way, which says all that there is to say.
    client.on("error", (error: unknown) => {
      if (!isOpen) abandon(error);
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
      .catch((error: unknown) => abandon(error));
  });
  return { result, abandon: (reason) => abandon(reason) };
}

/** With the code of a call that runs out of time, since which of the two is first is a matter of chance. */
function noConnection(timeoutMs: number): SessionError {
  return new SessionError("timeout", `There was no connection to Redis within ${timeoutMs} ms.`);
}

/** Asks the server for a sign of life. An error reply of a server in trouble is one, too. */
export async function pingServer(client: Redis): Promise<void> {
  try {
    await client.ping();
  } catch (error) {
    if (!saysAlive(error)) throw error;
  }
}

/** Ends a client at once: what is under way rejects, and a peer that does not answer is not waited for. */
export function discard(client: Redis): void {
  // The kernel must not deliver later what it still holds: the creation of a session, for one, that has been destroyed since.
  if (client.stream) resetAndDestroy(client.stream);
  client.disconnect();
}
