import type { Redis } from "ioredis";
import { type Clock, SessionError } from "sessionwire";
import { type Call, errorWithOutcome, scheduleDeadline } from "sessionwire/backend";
import { type Attempt, askAny, SharedAttempt } from "./attempt.ts";
import { ask, type Client, connect, type Opening } from "./client.ts";
import type { ClusterSource } from "./cluster-source.ts";
import { RedisConnection, type RedisConnections } from "./connection.ts";
import { endlessRedirection, isReplyOf, toSessionError } from "./errors.ts";
import { slotOf } from "./slots.ts";
import { addressOf, nameOf, parseTopology, type Redirection, redirectionOf, type Topology } from "./topology.ts";

/** Maximum number of redirections per command. */
const MAX_REDIRECTIONS = 5;

/** A topology read less than this many milliseconds ago is not read again because of an error. */
const FRESH_MS = 100;

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
export class ClusterConnections implements RedisConnections {
  readonly #Client: Client;
  readonly #source: ClusterSource;
  readonly #opening: Opening;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #masters = new Map<string, Master>();
  readonly #looking: SharedAttempt<Topology>;
  #topology: Topology | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(Client: Client, source: ClusterSource, opening: Opening) {
    const { timeoutMs, clock } = opening;
    this.#Client = Client;
    this.#source = source;
    this.#opening = opening;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#looking = new SharedAttempt(clock, timeoutMs);
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
    return [...(await this.#known(call)).masters];
  }

  /** Before the topology is known, all keys share one name. */
  connectionOf(key: string): string {
    return this.#topology?.slots[slotOf(this.#source.keyPrefix + key)] ?? "";
  }

  async ping(name: string | undefined, call: Call): Promise<void> {
    const { masters } = await this.#known(call);
    if (name === "") return; // the topology has just been read, or the waiting calls will report the failure
    if (name !== undefined && !masters.has(name))
      throw new SessionError("unavailable", "The server is no longer a master.");
    const pinged = name === undefined ? [...masters] : [name];
    await Promise.all(pinged.map((each) => this.#masterOf(each).connection.ping(undefined, call)));
  }

  /** Asks other servers for the current masters, and drops a server that is no longer one. */
  async reconnect(name: string | undefined, signal: AbortSignal): Promise<void> {
    const givenUp = new SessionError("unavailable", "The lookup of the Cluster's topology was given up.");
    const { masters } = await this.#looking.renew(() => this.#look(name), signal, givenUp);
    if (name !== undefined && !masters.has(name)) return this.#letGo(name);
    const reopened = name === undefined ? [...masters] : [name];
    await Promise.all(reopened.map((each) => this.#opened(each).connection.reconnect(undefined, signal)));
  }

  close(): void {
    this.#closed = true;
    this.#looking.abandon(new SessionError("closed", "Redis is closed."));
    for (const name of this.#masters.keys()) this.#letGo(name);
  }

  #ownerOf(slot: number): Master | undefined {
    const name = this.#topology?.slots[slot];
    return name === undefined ? undefined : this.#masterOf(name);
  }

  /** Finds the master of a slot that has no open connection: another server may have become the master. */
  async #prepare(slot: number, call: Call): Promise<Master> {
    const known = this.#ownerOf(slot);
    if (known?.connection.isOpening) return known;
    const wasLost = known !== undefined && known.openedBy === this.#topology;
    if (known === undefined || wasLost) await this.#looking.join(() => this.#look(known?.name), call);
    const owner = this.#ownerOf(slot);
    if (!owner) throw new SessionError("unavailable", "No server of the Cluster owns this slot.");
    return this.#opened(owner.name);
  }

  /** Follows a redirection. Nothing has been executed, so a failure on the way to the other server has no effect. */
  async #follow({ kind, slot, to }: Redirection, call: Call): Promise<Master> {
    const name = this.#source.rename(nameOf(to));
    if (kind === "MOVED") {
      if (this.#topology) this.#topology.slots[slot] = name;
      this.#lookSoon(undefined);
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
    if (isReplyOf(error, ["CLUSTERDOWN", "READONLY", "MASTERDOWN", "MOVED"])) this.#lookSoon(name);
  }

  /** Reads the topology in the background. */
  #lookSoon(besides: string | undefined): void {
    if (this.#closed || this.#clock.monotonic() - this.#lookedAt < FRESH_MS) return;
    this.#looking.join(() => this.#look(besides)).catch(() => {}); // the next call will detect the failure itself
  }

  async #known(call: Call): Promise<Topology> {
    return this.#topology ?? this.#looking.join(() => this.#look(undefined), call);
  }

  /** Asks the known servers in any order, and the doubtful one last. */
  #look(inDoubt: string | undefined): Attempt<Topology> {
    if (this.#closed) throw new SessionError("closed", "Redis is closed.");
    const known = [...(this.#topology?.all ?? [])];
    const names = new Set([...shuffled(known), ...shuffled(this.#source.startupNodes)]);
    const last = inDoubt !== undefined && names.delete(inDoubt) ? [inDoubt] : [];
    const asks = [...names, ...last].map((name) => () => this.#askForTopology(name));
    const { result, abandon } = askAny(asks, this.#timeoutMs, this.#clock);
    const adopted = result.then(
      (topology) => this.#adopt(topology),
      (error: unknown) => {
        throw toSessionError(error);
      },
    );
    return { result: adopted, abandon };
  }

  #askForTopology(name: string): Attempt<Topology> {
    const client = new this.#Client(this.#source.optionsFor(name));
    return ask(client, this.#timeoutMs, this.#clock, async () => {
      const reply = await client.call("cluster", "slots");
      return parseTopology(reply, addressOf(name), (each) => this.#source.rename(each));
    });
  }

  #adopt(topology: Topology): Topology {
    this.#topology = topology;
    this.#lookedAt = this.#clock.monotonic();
    const succeeded = [...this.#masters.keys()].filter((name) => !topology.masters.has(name));
    // By then, every call under way on them has settled.
    if (succeeded.length > 0) scheduleDeadline(this.#clock, () => this.#letGoOfSucceeded(succeeded), this.#timeoutMs);
    return topology;
  }

  #letGoOfSucceeded(names: readonly string[]): void {
    for (const name of names) if (!this.#topology?.masters.has(name)) this.#letGo(name);
  }

  #letGo(name: string): void {
    this.#masters.get(name)?.connection.close();
    this.#masters.delete(name);
  }

  #opened(name: string): Master {
    const master = this.#masterOf(name);
    master.openedBy = this.#topology;
    return master;
  }

  #masterOf(name: string): Master {
    const known = this.#masters.get(name);
    if (known) return known;
    if (this.#closed) throw new SessionError("closed", "Redis is closed.");
    const open = () => connect(new this.#Client(this.#source.optionsFor(name)), this.#opening);
    const master: Master = {
      name,
      connection: new RedisConnection({ open, withinMs: this.#timeoutMs }, this.#clock),
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

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
