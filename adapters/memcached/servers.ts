import { type Clock, SessionError } from "sessionwire";
import type { Call } from "sessionwire/backend";
import { MemcachedConnection } from "./connection.ts";
import { ServerLink } from "./link.ts";
import type { MemcachedServers } from "./source.ts";

/** The connections of a handler, one per server. */
export class MemcachedConnections {
  readonly #servers: MemcachedServers;
  readonly #links: ReadonlyMap<string, ServerLink>;

  constructor(servers: MemcachedServers, timeoutMs: number, clock: Clock) {
    this.#servers = servers;
    this.#links = new Map(
      servers.names.map((name, index) => {
        const connect = () => new MemcachedConnection(servers.make(index), servers.codec);
        return [name, new ServerLink(connect, timeoutMs, clock)];
      }),
    );
  }

  /**
   * Returns the name of the server that owns a key. No other server ever stores it, because a session must not exist
   * twice.
   */
  nameOf(key: string): string {
    return this.#servers.names[this.#servers.indexOf(key)] ?? "";
  }

  /** Returns an open connection to the server that owns a key. */
  open(key: string, call: Call): Promise<MemcachedConnection> {
    return this.#linkOf(this.nameOf(key)).open(call);
  }

  /** Asks one server, or all of them, for a sign of life. */
  async ping(
    name: string | undefined,
    call: Call,
    ask: (connection: MemcachedConnection) => Promise<void>,
  ): Promise<void> {
    await this.#each(name, async (link) => {
      const connection = await link.open(call);
      await call.send(() => ask(connection));
    });
  }

  async reconnect(name: string | undefined, call: Call): Promise<void> {
    await this.#each(name, (link) => link.reconnect(call));
  }

  close(): void {
    for (const link of this.#links.values()) link.close();
  }

  /** Waits for all, so that nothing is left under way when one has failed. */
  async #each(name: string | undefined, act: (link: ServerLink) => Promise<void>): Promise<void> {
    const links = name === undefined ? [...this.#links.values()] : [this.#linkOf(name)];
    const results = await Promise.allSettled(links.map(act));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  #linkOf(name: string): ServerLink {
    const link = this.#links.get(name);
    if (link) return link;
    throw new SessionError("failed", "There is no Memcached server with this name.", { outcome: "not-applied" });
  }
}
