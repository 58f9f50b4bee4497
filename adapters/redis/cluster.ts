import type { Redis } from "ioredis";
import { SessionError } from "sessionwire";
import { type Call, errorWithOutcome, scheduleDeadline } from "sessionwire/backend";
import { type Client, connect, type Making, type Opening } from "./client.ts";
import type { ClusterPlace } from "./cluster-place.ts";
import { type ClusterSource, clusterSource } from "./cluster-source.ts";
import { RedisConnection, type RedisConnections } from "./connection.ts";
import { closedError, isReplyOf, toSessionError } from "./errors.ts";
import { slotOf } from "./slots.ts";
import { addressOf, endlessRedirection, nameOf, type Redirection, redirectionOf, type Topology } from "./topology.ts";
import { TopologyLookup } from "./topology-lookup.ts";

/** Maximum number of redirections per command. */
const MAX_REDIRECTIONS = 5;

/** Creates the connections to the masters of a Cluster, none of which is opened yet. */
export function createClusterConnections(place: ClusterPlace, making: Making): RedisConnections {
  return new ClusterConnections(making.Client, clusterSource(place, making.safe), making);
}

interface Master {
  readonly name: string;
  readonly connection: RedisConnection;
  /** The topology that was current when it was last opened. */
  openedBy: Topology | undefined;
}

/**
 * The connections to the masters of a Cluster. They are independent, so a master that does not answer delays only the
 * calls that need it. The owner of a key is looked up again before a lost connection is reopened; until then, the
 * servers' redirections suffice.
 */
class ClusterConnections implements RedisConnections {
  readonly #Client: Client;
  readonly #source: ClusterSource;
  readonly #opening: Opening;
  readonly #masters = new Map<string, Master>();
  readonly #lookup: TopologyLookup;

  constructor(Client: Client, source: ClusterSource, opening: Opening) {
    this.#Client = Client;
    this.#source = source;
    this.#opening = opening;
    this.#lookup = new TopologyLookup(Client, source, opening, (topology) => this.#letGoOfOthersThan(topology));
  }

  async send<T>(key: string, call: Call, command: (client: Redis) => Promise<T>): Promise<T> {
    const slot = slotOf(this.#source.keyPrefix + key);
    const owner = this.#ownerOf(slot);
    let master = owner?.connection.current ? owner : await this.#prepare(slot, call);
    let isAsking = false;
    for (let redirections = 0; ; redirections += 1) {
      try {
        return await master.connection.send(key, call, isAsking ? (client) => askFirst(client, command) : command);
      } catch (error) {
        const redirection = redirectionOf(error, addressOf(master.name));
        if (redirection === undefined || redirections === MAX_REDIRECTIONS) {
          this.#learnFrom(error, master.name);
          throw isReplyOf(error, ["MOVED", "ASK"]) ? endlessRedirection(error) : error;
        }
        master = await this.#follow(redirection, call);
        isAsking = redirection.kind === "ASK";
      }
    }
  }

  async sendTo<T>(server: string, call: Call, command: (client: Redis) => Promise<T>): Promise<T> {
    return this.#masterOf(server).connection.send("", call, command);
  }

  async servers(call: Call): Promise<readonly string[]> {
    return [...(await this.#lookup.known(call)).masters];
  }

  /** Before the topology is known, all keys share one name. */
  connectionOf(key: string): string {
    return this.#lookup.topology?.slots[slotOf(this.#source.keyPrefix + key)] ?? "";
  }

  async ping(name: string | undefined, call: Call): Promise<void> {
    const { masters } = await this.#lookup.known(call);
    if (name === "") return; // the topology has just been read, or the waiting calls will report the failure
    if (name !== undefined && !masters.has(name))
      throw new SessionError("unavailable", "The server is no longer a master.");
    const pinged = name === undefined ? [...masters] : [name];
    await Promise.all(pinged.map((each) => this.#masterOf(each).connection.ping(undefined, call)));
  }

  /** Asks other servers for the current masters, and drops a server that is no longer one. */
  async reconnect(name: string | undefined, signal: AbortSignal): Promise<void> {
    const givenUp = new SessionError("unavailable", "The lookup of the Cluster's topology was given up.");
    const { masters } = await this.#lookup.renew(name, signal, givenUp);
    if (name !== undefined && !masters.has(name)) return this.#letGo(name);
    const reopened = name === undefined ? [...masters] : [name];
    await Promise.all(reopened.map((each) => this.#opened(each).connection.reconnect(undefined, signal)));
  }

  close(): void {
    this.#lookup.close();
    for (const name of this.#masters.keys()) this.#letGo(name);
  }

  #ownerOf(slot: number): Master | undefined {
    const name = this.#lookup.topology?.slots[slot];
    return name === undefined ? undefined : this.#masterOf(name);
  }

  /** Finds the master of a slot that has no open connection: another server may have become the master. */
  async #prepare(slot: number, call: Call): Promise<Master> {
    const known = this.#ownerOf(slot);
    if (known?.connection.isOpening) return known;
    const wasLost = known !== undefined && known.openedBy === this.#lookup.topology;
    if (known === undefined || wasLost) await this.#lookup.join(known?.name, call);
    const owner = this.#ownerOf(slot);
    if (!owner) throw new SessionError("unavailable", "No server of the Cluster owns this slot.");
    return this.#opened(owner.name);
  }

  /** Follows a redirection. Nothing has been executed, so a failure on the way to the other server has no effect. */
  async #follow({ kind, slot, to }: Redirection, call: Call): Promise<Master> {
    const name = this.#source.rename(nameOf(to));
    if (kind === "MOVED") {
      if (this.#lookup.topology) this.#lookup.topology.slots[slot] = name;
      this.#lookup.readInBackground(undefined);
    }
    const master = this.#opened(name);
    try {
      await master.connection.open(call);
    } catch (error) {
      throw errorWithOutcome(toSessionError(error), "not-applied");
    }
    return master;
  }

  #learnFrom(error: unknown, name: string): void {
    if (isReplyOf(error, ["CLUSTERDOWN", "READONLY", "MASTERDOWN", "MOVED"])) this.#lookup.readInBackground(name);
  }

  /** Drops the servers that are masters no more, once every call under way on them has settled. */
  #letGoOfOthersThan({ masters }: Topology): void {
    const succeeded = [...this.#masters.keys()].filter((name) => !masters.has(name));
    if (succeeded.length === 0) return;
    const { clock, timeoutMs } = this.#opening;
    scheduleDeadline(clock, () => this.#letGoOfSucceeded(succeeded), timeoutMs);
  }

  #letGoOfSucceeded(names: readonly string[]): void {
    for (const name of names) if (!this.#lookup.topology?.masters.has(name)) this.#letGo(name);
  }

  #letGo(name: string): void {
    this.#masters.get(name)?.connection.close();
    this.#masters.delete(name);
  }

  #opened(name: string): Master {
    const master = this.#masterOf(name);
    master.openedBy = this.#lookup.topology;
    return master;
  }

  #masterOf(name: string): Master {
    const known = this.#masters.get(name);
    if (known) return known;
    if (this.#lookup.isClosed) throw closedError();
    const open = () => connect(new this.#Client(this.#source.optionsFor(name)), this.#opening);
    const master: Master = {
      name,
      connection: new RedisConnection({ open, withinMs: this.#opening.timeoutMs }, this.#opening.clock),
      openedBy: undefined,
    };
    this.#masters.set(name, master);
    return master;
  }
}

/** Sends both in one turn, so that nothing comes between them. https://redis.io/docs/latest/commands/asking/ */
function askFirst<T>(client: Redis, command: (client: Redis) => Promise<T>): Promise<T> {
  client.asking().catch(() => {}); // the command itself will report the error
  return command(client);
}
