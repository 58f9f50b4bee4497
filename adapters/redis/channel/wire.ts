import type { Redis } from "ioredis";
import { SessionError } from "sessionwire";
import type { Call } from "sessionwire/backend";
import type { RedisConnections } from "../connection.ts";
import { replyIn } from "../errors.ts";
import { isUnavailable } from "../own-commands.ts";

/**
 * Chooses the commands for messages: on a Cluster, sharded ones over the master that owns the slot of the name, because
 * a plain message goes to all servers; elsewhere, and on a Cluster before Redis 7, plain ones.
 * https://redis.io/docs/latest/develop/pubsub/#sharded-pubsub
 */
export class Wire {
  readonly name: string;
  #isSharded: boolean | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Forgets which commands the servers were found to lack, so that they are tried again. */
  forget(): void {
    this.#isSharded = undefined;
  }

  /** Publishes a text. `note` receives the client that published. */
  async publish(connections: RedisConnections, text: string, call: Call, note: (client: Redis) => void): Promise<void> {
    const { name } = this;
    const publishBy = (publish: (client: Redis) => Promise<unknown>) => async (client: Redis) => {
      await publish(client);
      note(client);
    };
    await this.#either(connections, call, {
      sharded: publishBy((client) => client.spublish(name, text)),
      plain: publishBy((client) => client.publish(name, text)),
    });
  }

  /**
   * Resolves when the subscription is active. `prepare` receives the client that will subscribe, and returns a function
   * that undoes the preparation.
   */
  async subscribe(connections: RedisConnections, call: Call, prepare: (client: Redis) => () => void): Promise<Redis> {
    const { name } = this;
    const subscribeBy = (subscribe: (client: Redis) => Promise<unknown>) => async (client: Redis) => {
      const undo = prepare(client);
      try {
        await Promise.all([expectMaster(client), subscribe(client)]);
        return client;
      } catch (error) {
        undo();
        throw error;
      }
    };
    return this.#either(connections, call, {
      sharded: subscribeBy((client) => client.ssubscribe(name)),
      plain: subscribeBy((client) => client.subscribe(name)),
    });
  }

  async #either<T>(
    connections: RedisConnections,
    call: Call,
    { sharded, plain }: Record<"sharded" | "plain", (client: Redis) => Promise<T>>,
  ): Promise<T> {
    this.#isSharded ??= (await connections.servers(call)) !== undefined;
    if (this.#isSharded) {
      try {
        return await connections.send(this.name, call, sharded);
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        this.#isSharded = false;
      }
    }
    return connections.send(this.name, call, plain);
  }
}

/**
 * Rejects on a replica, whose messages reach nobody else. If the user may not ask, the server is assumed to be a
 * master.
 */
export async function expectMaster(client: Redis): Promise<void> {
  let role: unknown;
  try {
    role = await client.call("role");
  } catch (error) {
    if (replyIn(error)) return;
    throw error;
  }
  if (Array.isArray(role) && String(role[0]) === "slave") {
    throw new SessionError("read-only", "The Redis server of the channel is a replica.");
  }
}
