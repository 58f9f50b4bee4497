import type { Redis } from "ioredis";
import type { SessionError } from "sessionwire";
import type { RedisConnections } from "../connection.ts";
import { callWithin, delayAfter, pause } from "./call.ts";
import { channelsOf, problemOf } from "./keyspace-events.ts";
import type { Checks } from "./options.ts";
import { expectMaster } from "./wire.ts";

export interface KeyspaceListenerHost extends Checks {
  readonly connections: RedisConnections;
  readonly ending: AbortSignal;
  onKey(key: string): void;
  onGap(): void;
  /** Called when the server cannot be reached, or does not send the required events. */
  onFailure(error: unknown): void;
  onRecovery(): void;
}

/** Receives the keyspace events of one server, on a connection that is replaced if it does not answer. */
export class KeyspaceListener {
  readonly #server: string;
  readonly #host: KeyspaceListenerHost;
  #heardAt = 0;

  constructor(server: string, host: KeyspaceListenerHost) {
    this.#server = server;
    this.#host = host;
  }

  async keepHearing(): Promise<void> {
    const { ending, everyMs, onGap, onFailure, onRecovery } = this.#host;
    let isFirst = true;
    for (let failures = 0; !ending.aborted; ) {
      let wait = 0;
      try {
        const { client, problem, lost } = await this.#subscribe(isFirst);
        failures = 0;
        if (problem) onFailure(problem);
        else onRecovery();
        onGap();
        // A server that does not send the events is asked again on another connection, because a subscribed connection
        // accepts no other commands.
        if (problem?.code === "failed") wait = everyMs;
        else await this.#untilDeaf(client, lost);
      } catch (error) {
        if (ending.aborted) return;
        failures += 1;
        onFailure(error);
      }
      isFirst = false;
      await pause(this.#host, wait || delayAfter(failures));
    }
  }

  async #subscribe(isFirst: boolean): Promise<{ client: Redis; problem: SessionError | undefined; lost: AbortSignal }> {
    const { connections, clock, reconnectTimeoutMs } = this.#host;
    return callWithin(this.#host, reconnectTimeoutMs, async (call) => {
      if (!isFirst) await connections.reconnect(this.#server || undefined, call.signal);
      return connections.sendTo(this.#server, call, async (client) => {
        const [, problem] = await Promise.all([expectMaster(client), problemOf(client)]);
        const lost = this.#listen(client);
        await client.subscribe(...channelsOf(client));
        this.#heardAt = clock.monotonic();
        return { client, problem, lost };
      });
    });
  }

  /** Returns a signal that aborts when the connection is lost. */
  #listen(client: Redis): AbortSignal {
    const { clock, ending, onKey } = this.#host;
    const losing = new AbortController();
    const lose = () => {
      ending.removeEventListener("abort", lose);
      losing.abort();
    };
    client.on("message", (_channel: string, key: string) => {
      this.#heardAt = clock.monotonic();
      onKey(key);
    });
    client.on("close", lose).on("end", lose);
    ending.addEventListener("abort", lose);
    return losing.signal;
  }

  /**
   * Resolves when the connection is lost, and rejects when a ping is not answered. A plain subscription lasts as long
   * as its connection.
   */
  async #untilDeaf(client: Redis, lost: AbortSignal): Promise<void> {
    const { clock, everyMs, pingTimeoutMs } = this.#host;
    for (;;) {
      await pause({ clock, ending: lost }, Math.max(0, this.#heardAt + everyMs - clock.monotonic()));
      if (lost.aborted) return;
      if (clock.monotonic() < this.#heardAt + everyMs) continue;
      await callWithin(this.#host, pingTimeoutMs, () => client.ping());
      this.#heardAt = clock.monotonic();
    }
  }
}
