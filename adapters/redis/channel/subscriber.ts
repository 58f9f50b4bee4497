import type { Redis } from "ioredis";
import { randomText } from "sessionwire/backend";
import type { RedisConnections } from "../connection.ts";
import { callWithin, delayAfter, pause } from "./call.ts";
import type { Checks } from "./options.ts";
import type { Publisher } from "./publisher.ts";
import type { Wire } from "./wire.ts";

/** The beginning of an echo: a text that a subscriber has published to hear it. */
const ECHO = "echo ";

export interface SubscriberHost extends Checks {
  readonly connections: RedisConnections;
  readonly publisher: Publisher;
  readonly wire: Wire;
  readonly ending: AbortSignal;
  onText(text: string): void;
  onGap(): void;
  onFailure(error: unknown): void;
  onRecovery(): void;
}

/** A subscription in force. */
interface Hearing {
  /** Ends when it is known to be lost. */
  readonly lost: AbortSignal;
  lose(): void;
}

/** Hears, on a connection that is replaced whenever it may be deaf. */
export class Subscriber {
  readonly #host: SubscriberHost;
  #heardAt = 0;
  #echo: { readonly text: string; resolve(): void } | undefined;
  #current: Hearing | undefined;

  constructor(host: SubscriberHost) {
    this.#host = host;
  }

  /** Doubts the subscription: the publisher had to go to another server, perhaps. */
  doubt(): void {
    this.#current?.lose();
  }

  async keepHearing(): Promise<void> {
    const { ending, onGap, onRecovery, onFailure } = this.#host;
    ending.addEventListener("abort", () => this.doubt(), { once: true });
    let isFirst = true;
    for (let failures = 0; !ending.aborted; ) {
      try {
        this.#current = await this.#subscribe(isFirst);
        failures = 0;
        onRecovery();
        onGap();
        await this.#untilDeaf(this.#current);
      } catch (error) {
        if (ending.aborted) return;
        failures += 1;
        onFailure(error);
      }
      isFirst = false;
      this.#current = undefined;
      await pause(this.#host, delayAfter(failures));
    }
  }

  async #subscribe(isFirst: boolean): Promise<Hearing> {
    const { connections, wire, clock, reconnectTimeoutMs } = this.#host;
    const losing = new AbortController();
    const hearing = { lost: losing.signal, lose: () => losing.abort() };
    try {
      await callWithin(this.#host, reconnectTimeoutMs, async (call) => {
        wire.forget();
        if (!isFirst) await connections.reconnect(connections.connectionOf?.(wire.name), call.signal);
        await wire.subscribe(connections, call, (client) => this.#listen(client, hearing));
      });
    } catch (error) {
      hearing.lose(); // it may come into force yet
      throw error;
    }
    this.#heardAt = clock.monotonic();
    return hearing;
  }

  /** Returns what ends it. */
  #listen(client: Redis, { lose }: Hearing): () => void {
    const hear = (_name: string, text: string) => this.#hear(text);
    const messages = ["message", "smessage"];
    const ends = ["close", "end", "moved"]; // the last when the slot of the name gets another master
    for (const event of messages) client.on(event, hear);
    for (const event of ends) client.on(event, lose);
    return () => {
      for (const event of messages) client.off(event, hear);
      for (const event of ends) client.off(event, lose);
    };
  }

  #hear(text: string): void {
    this.#heardAt = this.#host.clock.monotonic();
    if (!text.startsWith(ECHO)) this.#host.onText(text);
    else if (text === this.#echo?.text) this.#echo.resolve();
  }

  /** Resolves when the connection is lost, and rejects when a check fails. */
  async #untilDeaf({ lost }: Hearing): Promise<void> {
    const { publisher, connections, wire, clock, everyMs, ending } = this.#host;
    while (!lost.aborted && !ending.aborted) {
      const now = clock.monotonic();
      const echoDueAt = this.#heardAt + everyMs;
      await pause({ clock, ending: lost }, Math.max(0, Math.min(echoDueAt, publisher.checkDueAt) - now));
      if (lost.aborted) return;
      await publisher.check();
      if (clock.monotonic() >= this.#heardAt + everyMs) await this.#hearEcho();
      const server = connections.connectionOf?.(wire.name);
      if (publisher.server !== server) return; // this one was succeeded, though it may still be told of all
    }
  }

  /** The whole way there and back, since a subscription can be lost on a connection that is well. */
  async #hearEcho(): Promise<void> {
    const { publisher, pingTimeoutMs } = this.#host;
    const text = ECHO + randomText(12);
    await callWithin(this.#host, pingTimeoutMs, async () => {
      const heard = new Promise<void>((resolve) => {
        this.#echo = { text, resolve };
      });
      await publisher.publishOnce(text);
      await heard;
    });
  }
}
