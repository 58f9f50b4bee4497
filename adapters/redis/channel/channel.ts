import type { SessionChannel, SessionChannelListener } from "sessionwire";
import { decodeMessage, encodeMessage, randomText } from "sessionwire/backend";
import type { Client } from "../client.ts";
import type { RedisSource } from "../source.ts";
import { pause } from "./call.ts";
import { ChannelListeners } from "./channel-listeners.ts";
import { connectionsFor } from "./connections.ts";
import { type Checks, checksOf, checkText, type RedisChannelOptions } from "./options.ts";
import { Publisher } from "./publisher.ts";
import { Subscriber } from "./subscriber.ts";
import { Wire } from "./wire.ts";

/** Prefix of the text with which a publisher announces that it may have lost messages. */
const GAP = "gap ";

export function createChannel(Client: Client, source: RedisSource, options: RedisChannelOptions): SessionChannel {
  const { name = "sessionwire", secret } = options;
  checkText("name", name);
  const checks = checksOf("createRedisChannel", options, ["name", "secret"]);
  const channel = new RedisChannel(() => connectionsFor(Client, source, checks), name, checks);
  // Private, so that a printed channel does not show it.
  return Object.defineProperty(channel, "secret", { value: secret });
}

class RedisChannel implements SessionChannel {
  declare readonly secret?: string | Uint8Array | undefined;
  readonly #connect: () => ReturnType<typeof connectionsFor>;
  readonly #checks: Checks;
  readonly #wire: Wire;
  readonly #gapText = GAP + randomText(12);
  readonly #listeners = new ChannelListeners();
  readonly #ending = new AbortController();
  readonly #publisher: Publisher;
  #hearing: AbortController | undefined;
  #subscriber: Subscriber | undefined;
  #closing: Promise<void> | undefined;

  constructor(connect: () => ReturnType<typeof connectionsFor>, name: string, checks: Checks) {
    this.#connect = connect;
    this.#checks = checks;
    this.#wire = new Wire(name);
    const connections = connect();
    this.#ending.signal.addEventListener("abort", () => connections.close());
    this.#publisher = new Publisher({
      ...checks,
      connections,
      wire: this.#wire,
      ending: this.#ending.signal,
      gapText: this.#gapText,
      onFailure: (error) => {
        this.#listeners.fail("publishing", error);
        this.#subscriber?.replaceSubscription();
      },
      onRecovery: () => this.#listeners.recover("publishing"),
    });
  }

  publish(message: Parameters<SessionChannel["publish"]>[0]): void {
    if (this.#closing === undefined) this.#publisher.publish(encodeMessage(message));
  }

  subscribe(listener: SessionChannelListener): () => void {
    if (this.#closing !== undefined) return () => {};
    const end = this.#listeners.add(listener);
    if (this.#hearing === undefined) this.#hear();
    return () => {
      end();
      if (this.#listeners.isEmpty) this.#stopHearing();
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #hear(): void {
    const connections = this.#connect();
    const hearing = new AbortController();
    hearing.signal.addEventListener("abort", () => connections.close());
    this.#hearing = hearing;
    this.#subscriber = new Subscriber({
      ...this.#checks,
      connections,
      publisher: this.#publisher,
      wire: this.#wire,
      ending: hearing.signal,
      onText: (text) => this.#deliver(text),
      onGap: () => this.#listeners.gap(),
      onFailure: (error) => this.#listeners.fail("hearing", error),
      onRecovery: () => this.#listeners.recover("hearing"),
    });
    this.#subscriber.keepHearing();
  }

  #stopHearing(): void {
    this.#hearing?.abort();
    this.#hearing = undefined;
    this.#subscriber = undefined;
  }

  #deliver(text: string): void {
    if (text.startsWith(GAP)) {
      if (text !== this.#gapText) this.#listeners.gap();
      return;
    }
    const message = decodeMessage(text);
    if (message) this.#listeners.hear(message);
  }

  /** Sends the last published messages, if the server answers. */
  async #end(): Promise<void> {
    this.#listeners.clear();
    this.#stopHearing();
    await Promise.race([
      this.#publisher.flush(),
      pause({ ...this.#checks, ending: this.#ending.signal }, this.#checks.pingTimeoutMs),
    ]);
    this.#ending.abort();
  }
}
