import type { SessionError } from "../errors.ts";
import type { ChannelLink } from "./channel-link.ts";

/**
 * What happened to a session: in this process (`origin: "here"`), or in another one (`"elsewhere"`), as far as the manager has a channel.
 *
 * - `created`: it was stored for the first time.
 * - `regenerated`: it goes on under another id. The old one has ended, or leads on for its grace time.
 * - `ended`: it was destroyed; or, here, found to be gone (destroyed elsewhere, expired or evicted) when it was to be changed.
 * - `gap`: events from elsewhere may have been missed up to now. Whoever tracks sessions looks at all of them once.
 * - `failed`: the channel cannot hear or tell for now; it goes on trying.
 *
 * Here, the `key` is that of the handler; in the native format nobody can tell the id from it. Keep the `id` out of logs. From
 * elsewhere comes the hash of the key, which {@link SessionManager.hashOf} gives for a key: it is a reason to look into the
 * store and no proof, since whoever may publish on the channel can send it.
 *
 * @public
 */
export type SessionEvent =
  | { readonly type: "created"; readonly origin: "here"; readonly id: string; readonly key: string }
  | {
      readonly type: "regenerated";
      readonly origin: "here";
      readonly id: string;
      readonly key: string;
      readonly previousId: string;
      readonly previousKey: string;
    }
  | {
      readonly type: "ended";
      readonly origin: "here";
      /** `undefined` where it was ended as one of a user's, in a format that keeps ids out of keys. */
      readonly id: string | undefined;
      readonly key: string;
      readonly reason: "destroyed" | "gone";
    }
  | { readonly type: "created" | "ended"; readonly origin: "elsewhere"; readonly keyHash: string }
  | {
      readonly type: "regenerated";
      readonly origin: "elsewhere";
      readonly keyHash: string;
      readonly previousKeyHash: string;
    }
  | { readonly type: "gap"; readonly origin: "elsewhere" }
  | { readonly type: "failed"; readonly origin: "elsewhere"; readonly error: SessionError };

export type EventHere = Extract<SessionEvent, { origin: "here" }>;
export type EventElsewhere = Extract<SessionEvent, { origin: "elsewhere" }>;

/** The parts of an event of this process. */
export type Happening = EventHere extends infer Event ? (Event extends unknown ? Omit<Event, "origin"> : never) : never;

/** Tells everybody who wants to know. */
export class SessionEvents {
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  readonly #link: ChannelLink | undefined;
  #stopListening: (() => void) | undefined;

  constructor(link?: ChannelLink) {
    this.#link = link;
  }

  /** Returns a function that ends the subscription. */
  subscribe(listener: (event: SessionEvent) => void): () => void {
    if (typeof listener !== "function") throw new TypeError("A listener must be a function.");
    const own = (event: SessionEvent) => listener(event); // one of its own, so that a listener may be subscribed twice
    this.#listeners.add(own);
    this.#stopListening ??= this.#link?.listen((event) => this.#tell(event));
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size > 0) return;
      this.#stopListening?.();
      this.#stopListening = undefined;
    };
  }

  /** Tells everybody, here and elsewhere. */
  emit(happening: Happening): void {
    if (this.#listeners.size === 0 && this.#link === undefined) return;
    const event: EventHere = { ...happening, origin: "here" };
    this.#link?.publish(event);
    this.#tell(event);
  }

  /** What has happened has happened: a listener that throws changes nothing, and the others hear of it all the same. */
  #tell(event: SessionEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch {
        // It has nobody to go to: not whoever changed the session.
      }
    }
  }
}
