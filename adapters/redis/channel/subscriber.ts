import type { Redis } from "ioredis";
import { randomText } from "sessionwire/backend";
import type { RedisConnections } from "../connection.ts";
import { callWithin, delayAfter, pause } from "./call.ts";
import type { Checks } from "./options.ts";
import type { Publisher } from "./publisher.ts";
import type { Wire } from "./wire.ts";

/** Prefix of an echo: a text that a subscriber publishes in order to receive it. */
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

/** An active subscription. */
interface Hearing {
  /** Aborts when the subscription is known to be lost. */
  readonly lost: AbortSignal;
  lose(): void;
}

/** Receives messages, on a connection that is replaced whenever it may be deaf. */
export class Subscriber {
  readonly #host: SubscriberHost;
  #heardAt = 0;
  #echo: { readonly text: string; resolve(): void } | undefined;
  #current: Hearing | undefined;

  constructor(host: SubscriberHost) {
    this.#host = host;
  }

  /** Replaces the subscription, because the publisher may have had to go to another server. */
  replaceSubscription(): void {
    this.#current?.lose();
  }

  async keepHearing(): Promise<void> {
    const { ending, onGap, onRecovery, onFailure } = this.#host;
    ending.addEventListener("abort", () => this.replaceSubscription(), { once: true });
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
      hearing.lose(); // the subscription may still become active
      throw error;
    }
    this.#heardAt = clock.monotonic();
    return hearing;
  }

  /** Returns a function that stops listening. */
  #listen(client: Redis, { lose }: Hearing): () => void {
    const hear = (_name: string, text: string) => this.#hear(text);
    const messages = ["message", "smessage"];
    const ends = ["close", "end", "moved"]; // `moved`: another master owns the slot of the name
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
      if (publisher.server !== server) return; // this server may still receive all, but is no longer the master
    }
  }

  /** Checks the whole round trip, because a subscription can be lost on a healthy connection. */
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
