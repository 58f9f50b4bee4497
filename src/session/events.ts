/**
 * What happened to a session in this process. The `key` is that of the handler; in the native format nobody can tell the id
 * from it. Keep the `id` out of logs.
 *
 * - `created`: it was stored for the first time.
 * - `regenerated`: it goes on under another id. The old one has ended, or leads on for its grace time.
 * - `ended`: it was destroyed here, or found to be gone (destroyed elsewhere, expired or evicted) when it was to be changed.
 *
 * @public
 */
export type SessionEvent =
  | { readonly type: "created"; readonly id: string; readonly key: string }
  | {
      readonly type: "regenerated";
      readonly id: string;
      readonly key: string;
      readonly previousId: string;
      readonly previousKey: string;
    }
  | { readonly type: "ended"; readonly id: string; readonly key: string; readonly reason: "destroyed" | "gone" };

/** Tells everybody who wants to know. */
export class SessionEvents {
  readonly #listeners = new Set<(event: SessionEvent) => void>();

  /** Returns a function that ends the subscription. */
  subscribe(listener: (event: SessionEvent) => void): () => void {
    if (typeof listener !== "function") throw new TypeError("A listener must be a function.");
    const own = (event: SessionEvent) => listener(event); // one of its own, so that a listener may be subscribed twice
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** What has happened has happened: a listener that throws changes nothing, and the others hear of it all the same. */
  emit(event: SessionEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch {
        // It has nobody to go to: not whoever changed the session.
      }
    }
  }
}
