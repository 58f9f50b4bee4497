import { checkMethods } from "../../backend/checks.ts";
import type { SessionChannel } from "../../channel/channel.ts";
import { EndedKeys } from "../../channel/ended-keys.ts";
import { createKeyHash, type KeyHash } from "../../channel/key-hash.ts";
import { messageIn, type SessionMessage } from "../../channel/message.ts";
import type { Clock } from "../../clock.ts";
import type { SessionError } from "../../errors.ts";
import { randomText } from "../../random.ts";
import type { EventElsewhere, EventHere } from "./session-event.ts";

/** Connects the events of a manager with those of the managers in other processes. */
export class ChannelLink {
  readonly hashOf: KeyHash;
  readonly #channels: readonly SessionChannel[];
  readonly #clock: Clock;
  #name: string | undefined;
  #endedKeys: EndedKeys | undefined;

  constructor(channels: readonly SessionChannel[], clock: Clock) {
    for (const channel of channels) checkMethods("The channel", channel, ["publish", "subscribe", "close"]);
    this.#channels = channels;
    this.#clock = clock;
    this.hashOf = hashOfAll(channels);
  }

  /** Reports an event to other processes. They notice a session that was only found to be gone by themselves. */
  publish(event: EventHere): void {
    if (event.type === "ended" && event.reason === "gone") return;
    const message = this.#messageOf(event);
    this.#noteName(message);
    for (const channel of this.#channels) {
      try {
        channel.publish(message);
      } catch {
        // The event has already happened, so the operation must not fail.
      }
    }
  }

  /** Listens to other processes. Returns a function that stops listening. */
  listen(tell: (event: EventElsewhere) => void): () => void {
    const origin = "elsewhere";
    const endedKeys = new EndedKeys(this.#clock, (keyHash) => tell({ type: "ended", origin, keyHash }));
    this.#endedKeys = endedKeys;
    const listener = {
      onMessage: (message: unknown) => {
        const event = this.#eventOf(messageIn(message));
        if (event) tell(event);
      },
      onKeyEnded: (key: string) => endedKeys.end(this.hashOf(key)),
      onGap: () => tell({ type: "gap", origin }),
      onError: (error: SessionError) => tell({ type: "failed", origin, error }),
    } as const;
    const endings = this.#channels.map((channel) => channel.subscribe(listener));
    return () => {
      for (const end of endings) end();
      endedKeys.clear();
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#channels.map((channel) => channel.close()));
  }

  #noteName(message: SessionMessage): void {
    if (message.type === "ended") this.#endedKeys?.name(message.keyHash);
    if (message.type === "regenerated") this.#endedKeys?.name(message.previousKeyHash);
  }

  #messageOf(event: EventHere): SessionMessage {
    const { type, key } = event;
    // Created here, because a Worker has no random numbers before its first request.
    this.#name ??= randomText(12);
    const named = { keyHash: this.hashOf(key), from: this.#name };
    return type === "regenerated"
      ? { type, previousKeyHash: this.hashOf(event.previousKey), ...named }
      : { type, ...named };
  }

  #eventOf(message: SessionMessage | undefined): EventElsewhere | undefined {
    if (message === undefined || message.from === this.#name) return undefined;
    this.#noteName(message);
    const { from: _, ...event } = message;
    return { ...event, origin: "elsewhere" };
  }
}

/** Returns the one hash by which listeners name a session, so all channels of a manager must use the same secret. */
function hashOfAll(channels: readonly SessionChannel[]): KeyHash {
  const secrets = channels.map(({ secret }) => secret).filter((secret) => secret !== undefined);
  const [hashOf = createKeyHash(), ...others] = secrets.map((secret) => createKeyHash(secret));
  if (others.some((other) => other("") !== hashOf(""))) {
    throw new TypeError("The channels of a manager need the same secret.");
  }
  return hashOf;
}
