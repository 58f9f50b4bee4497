import type { SessionChannel, SessionChannelListener } from "sessionwire";
import type { Client } from "../client.ts";
import type { RedisConnections } from "../connection.ts";
import type { RedisSource } from "../source.ts";
import { callWithin, delayAfter, pause } from "./call.ts";
import { ChannelListeners } from "./channel-listeners.ts";
import { connectionsFor } from "./connections.ts";
import { KeyspaceListener } from "./keyspace-listener.ts";
import type { RedisKeyspaceChannelOptions } from "./keyspace-options.ts";
import { type Checks, checksOf } from "./options.ts";

export function createKeyspaceChannel(
  Client: Client,
  source: RedisSource,
  options: RedisKeyspaceChannelOptions,
): SessionChannel {
  const { prefix = "", keysBeginWith = "" } = options;
  for (const [name, value] of Object.entries({ prefix, keysBeginWith })) {
    if (typeof value !== "string") throw new TypeError(`${name} must be a string.`);
  }
  const checks = checksOf("createRedisKeyspaceChannel", options, ["prefix", "keysBeginWith"]);
  const connect = () => connectionsFor(Client, source, checks);
  connect().close(); // reports an unusable source at once
  return new RedisKeyspaceChannel(connect, { prefix, keysBeginWith }, checks);
}

/** Receives the keyspace events of Redis, and publishes nothing. */
class RedisKeyspaceChannel implements SessionChannel {
  readonly #connect: () => RedisConnections;
  readonly #keys: { readonly prefix: string; readonly keysBeginWith: string };
  readonly #checks: Checks;
  readonly #listeners = new ChannelListeners();
  #hearing: AbortController | undefined;
  /** Makes the loop look up the servers at once. */
  #lookNow = () => {};
  #isClosed = false;

  constructor(
    connect: () => RedisConnections,
    keys: { readonly prefix: string; readonly keysBeginWith: string },
    checks: Checks,
  ) {
    this.#connect = connect;
    this.#keys = keys;
    this.#checks = checks;
  }

  publish(): void {}

  subscribe(listener: SessionChannelListener): () => void {
    if (this.#isClosed) return () => {};
    const end = this.#listeners.add(listener);
    if (this.#hearing === undefined) this.#hear();
    return () => {
      end();
      if (this.#listeners.isEmpty) this.#stopHearing();
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
    this.#stopHearing();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #stopHearing(): void {
    this.#hearing?.abort();
    this.#hearing = undefined;
  }

  #hear(): void {
    const connections = this.#connect();
    const hearing = new AbortController();
    const ending = hearing.signal;
    ending.addEventListener("abort", () => connections.close());
    this.#hearing = hearing;
    this.#followServers(connections, ending);
  }

  /** Listens to every server for as long as it is a master. */
  async #followServers(connections: RedisConnections, ending: AbortSignal): Promise<void> {
    const { everyMs, reconnectTimeoutMs } = this.#checks;
    const host = { ...this.#checks, ending };
    const heard = new Map<string, AbortController>();
    for (let failures = 0; !ending.aborted; ) {
      try {
        const servers = await callWithin(host, reconnectTimeoutMs, async (call) => {
          const known = await connections.servers(call);
          if (known === undefined) return undefined;
          await connections.reconnect("", call.signal); // looks up the masters again, and leaves connections alone
          return connections.servers(call);
        });
        failures = 0;
        this.#listeners.recover("servers");
        this.#hearOnly(servers ?? [""], heard, connections, ending);
        if (servers === undefined) return;
      } catch (error) {
        if (ending.aborted) return;
        failures += 1;
        this.#listeners.fail("servers", error);
      }
      const waiting = new AbortController();
      this.#lookNow = () => waiting.abort();
      ending.addEventListener("abort", this.#lookNow, { once: true });
      await pause({ ...host, ending: waiting.signal }, failures > 0 ? delayAfter(failures + 1) : everyMs);
      ending.removeEventListener("abort", this.#lookNow);
    }
  }

  #hearOnly(
    servers: readonly string[],
    heard: Map<string, AbortController>,
    connections: RedisConnections,
    ending: AbortSignal,
  ): void {
    for (const [server, controller] of heard) {
      if (servers.includes(server)) continue;
      controller.abort();
      heard.delete(server);
    }
    for (const server of servers) {
      if (heard.has(server)) continue;
      const controller = new AbortController();
      heard.set(server, controller);
      ending.addEventListener("abort", () => controller.abort(), { once: true });
      new KeyspaceListener(server, {
        ...this.#checks,
        connections,
        ending: controller.signal,
        onKey: (key) => this.#end(key),
        onGap: () => this.#listeners.gap(),
        onFailure: (error) => {
          this.#listeners.fail(server, error);
          this.#lookNow(); // another server may have become the master
        },
        onRecovery: () => this.#listeners.recover(server),
      }).keepHearing();
    }
  }

  #end(key: string): void {
    const { prefix, keysBeginWith } = this.#keys;
    if (key.startsWith(prefix + keysBeginWith)) this.#listeners.end(key.slice(prefix.length));
  }
}
