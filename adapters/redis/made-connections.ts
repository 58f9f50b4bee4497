import type { Redis } from "ioredis";
import { connect, type Making } from "./client.ts";
import { RedisConnection, type RedisConnections } from "./connection.ts";
import { making, SourceError } from "./errors.ts";
import { clientIn, duplicate, giveUp, isCluster, type RedisClient, refuseReplicas } from "./foreign-client.ts";
import { connectionsOfClient } from "./places.ts";
import { isSafe, type SafeOptions } from "./safe-options.ts";

/** Creates a client with these options. The returned client is checked. */
export type MakeClient = (options: SafeOptions) => unknown;

/** Only calling a function shows whether it creates clients of one server or of a Cluster. */
export class MadeConnections implements RedisConnections {
  readonly #make: MakeClient;
  readonly #making: Making;
  #made: RedisConnections | undefined;

  constructor(make: MakeClient, making: Making) {
    this.#make = make;
    this.#making = making;
  }

  send: RedisConnections["send"] = (...args) => this.#connections().send(...args);
  sendTo: RedisConnections["sendTo"] = async (...args) => this.#connections().sendTo(...args);
  servers: RedisConnections["servers"] = async (...args) => this.#connections().servers(...args);
  ping: RedisConnections["ping"] = async (...args) => this.#connections().ping(...args);
  reconnect: RedisConnections["reconnect"] = async (...args) => this.#connections().reconnect(...args);

  connectionOf(key: string): string {
    return this.#made?.connectionOf?.(key) ?? "";
  }

  close(): void {
    this.#made?.close();
  }

  #connections(): RedisConnections {
    this.#made ??= making(() => this.#begin());
    return this.#made;
  }

  #begin(): RedisConnections {
    const first = this.#ownedClient();
    if (isCluster(first) || first.options.sentinels) {
      giveUp(first);
      return connectionsOfClient(first, this.#making);
    }
    let unused: Redis | undefined = first;
    const { timeoutMs, clock } = this.#making;
    const open = () => {
      const client = unused ?? this.#ownedClient();
      unused = undefined;
      if (isCluster(client))
        throw new SourceError("The function that created a client of one server has created a Cluster.");
      return connect(client, this.#making);
    };
    return new RedisConnection({ open, withinMs: timeoutMs }, clock);
  }

  /** Returns a client that was created for the handler, replaced by a safe one if necessary. */
  #ownedClient(): RedisClient {
    const { safe } = this.#making;
    const made = this.#make(safe);
    const client = typeof made === "object" && made !== null ? clientIn(made) : undefined;
    if (!client) throw new SourceError("The function that creates the Redis client did not return an ioredis client.");
    if (isCluster(client) || isSafe(client, safe)) return client;
    giveUp(client);
    refuseReplicas(client.options);
    return duplicate(client, safe);
  }
}
