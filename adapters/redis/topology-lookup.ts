import type { SessionError } from "sessionwire";
import type { Call } from "sessionwire/backend";
import type { CancellableTask } from "./cancellable-task.ts";
import { ask, type Client, type Opening } from "./client.ts";
import type { ClusterSource } from "./cluster-source.ts";
import { closedError, toSessionError } from "./errors.ts";
import { raceStaggered } from "./race-staggered.ts";
import { SharedTask } from "./shared-task.ts";
import { addressOf, parseTopology, type Topology } from "./topology.ts";

/** A topology read less than this many milliseconds ago is not read again because of an error. */
const FRESH_MS = 100;

/** Reads the topology of a Cluster, once for all callers at the same time. */
export class TopologyLookup {
  readonly #Client: Client;
  readonly #source: ClusterSource;
  readonly #opening: Opening;
  readonly #onAdopted: (topology: Topology) => void;
  readonly #looking: SharedTask<Topology>;
  #topology: Topology | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(Client: Client, source: ClusterSource, opening: Opening, onAdopted: (topology: Topology) => void) {
    this.#Client = Client;
    this.#source = source;
    this.#opening = opening;
    this.#onAdopted = onAdopted;
    this.#looking = new SharedTask(opening.clock, opening.timeoutMs);
  }

  /** The topology that was read last; `undefined` before the first one. */
  get topology(): Topology | undefined {
    return this.#topology;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Returns the topology, and reads it only if it was never read. */
  async known(call: Call): Promise<Topology> {
    return this.#topology ?? this.join(undefined, call);
  }

  /** Reads the topology, or waits for a reading under way. The suspected server is asked last. */
  join(suspect: string | undefined, call?: Call): Promise<Topology> {
    return this.#looking.join(() => this.#look(suspect), call);
  }

  /** Reads the topology in the background. */
  readInBackground(suspect: string | undefined): void {
    if (this.#closed || this.#opening.clock.monotonic() - this.#lookedAt < FRESH_MS) return;
    this.join(suspect).catch(() => {}); // the next call will detect the failure itself
  }

  /** Reads the topology anew. */
  renew(suspect: string | undefined, signal: AbortSignal, givenUp: SessionError): Promise<Topology> {
    return this.#looking.renew(() => this.#look(suspect), signal, givenUp);
  }

  close(): void {
    this.#closed = true;
    this.#looking.cancel(closedError());
  }

  /** Asks the known servers in any order, and the suspected one last. */
  #look(suspect: string | undefined): CancellableTask<Topology> {
    if (this.#closed) throw closedError();
    const known = [...(this.#topology?.all ?? [])];
    const names = new Set([...shuffled(known), ...shuffled(this.#source.startupNodes)]);
    const last = suspect !== undefined && names.delete(suspect) ? [suspect] : [];
    const asks = [...names, ...last].map((name) => () => this.#ask(name));
    const { result, cancel } = raceStaggered(asks, this.#opening.timeoutMs, this.#opening.clock);
    const adopted = result.then(
      (topology) => this.#adopt(topology),
      (error: unknown) => {
        throw toSessionError(error);
      },
    );
    return { result: adopted, cancel };
  }

  #ask(name: string): CancellableTask<Topology> {
    const client = new this.#Client(this.#source.optionsFor(name));
    return ask(client, this.#opening.timeoutMs, this.#opening.clock, async () => {
      const reply = await client.call("cluster", "slots");
      return parseTopology(reply, addressOf(name), (each) => this.#source.rename(each));
    });
  }

  #adopt(topology: Topology): Topology {
    this.#topology = topology;
    this.#lookedAt = this.#opening.clock.monotonic();
    this.#onAdopted(topology);
    return topology;
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
