import { createKeyHash, type KeyHash } from "../../channel/key-hash.ts";
import type { Clock } from "../../clock.ts";
import type { ChannelLink } from "./channel-link.ts";
import { RetiredKeys } from "./retired-keys.ts";
import type { EventHere, Happening, Refusal, SessionEvent, Without } from "./session-event.ts";

/** Notifies all listeners, here and elsewhere. */
export class SessionEvents {
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  /** Names sessions for listeners. */
  readonly hashOf: KeyHash;
  readonly #link: ChannelLink | undefined;
  readonly #clock: Clock;
  /** Created on the first `regenerated` event. */
  #retired: RetiredKeys | undefined;
  #stopListening: (() => void) | undefined;

  constructor(link: ChannelLink | undefined, clock: Clock) {
    this.hashOf = link?.hashOf ?? createKeyHash();
    this.#link = link;
    this.#clock = clock;
  }

  /** `true` if there are listeners here. */
  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /** Adds a listener. Returns a function that ends the subscription. */
  subscribe(listener: (event: SessionEvent) => void): () => void {
    if (typeof listener !== "function") throw new TypeError("A listener must be a function.");
    const own = (event: SessionEvent) => listener(event); // a new function, so that a listener may be subscribed twice
    this.#listeners.add(own);
    if (this.#link) this.#stopListening ??= this.#link.listen((event) => this.#tell(event));
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size > 0) return;
      this.#stopListening?.();
      this.#stopListening = undefined;
    };
  }

  /** Notifies all listeners, here and elsewhere. */
  emit(happening: Happening): void {
    if (!this.isHeard && this.#link === undefined) return;
    const event: EventHere = { ...happening, origin: "here" };
    this.#link?.publish(event);
    this.#tell(event);
  }

  /** Notifies listeners here that a client presented something that leads to no session. */
  refuse(reason: Refusal["reason"], key?: string, error?: unknown): void {
    if (!this.isHeard) return;
    this.#tell({
      type: "refused",
      origin: "here",
      reason: reason === "no-session" && key !== undefined && this.#retired?.has(key) ? "old-id" : reason,
      keyHash: key === undefined ? undefined : this.hashOf(key),
      ...(error === undefined ? {} : { error }),
    });
  }

  /** Notifies each listener, even if another one throws: the event has already happened. */
  #tell(happened: Without<SessionEvent, "at">): void {
    if (!this.isHeard) return;
    const event: SessionEvent = { ...happened, at: this.#clock.now() };
    if (event.type === "regenerated") {
      this.#retired ??= new RetiredKeys(this.hashOf);
      this.#retired.note(event);
    }
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch {
        // It must not reach the caller that changed the session, and nobody else would handle it.
      }
    }
  }
}
