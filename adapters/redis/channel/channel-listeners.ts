import type { SessionChannelListener, SessionMessage } from "sessionwire";
import { toSessionError } from "../errors.ts";

/** The listeners of a channel: each receives every message, even if another one throws. */
export class ChannelListeners {
  readonly #listeners = new Set<{ readonly listener: SessionChannelListener }>();
  /** The reason that was last reported, by the part that failed. */
  readonly #told = new Map<string, string>();

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Returns a function that ends the subscription. */
  add(listener: SessionChannelListener): () => void {
    const subscription = { listener };
    this.#listeners.add(subscription);
    return () => void this.#listeners.delete(subscription);
  }

  clear(): void {
    this.#listeners.clear();
  }

  hear(message: SessionMessage): void {
    this.#each((listener) => listener.onMessage(message));
  }

  end(key: string): void {
    this.#each((listener) => listener.onKeyEnded(key));
  }

  gap(): void {
    this.#each((listener) => listener.onGap());
  }

  /** Reports each reason once. */
  fail(part: string, cause: unknown): void {
    const error = toSessionError(cause);
    const reason = `${error.code} ${error.message}`;
    if (this.#told.get(part) === reason) return;
    this.#told.set(part, reason);
    this.#each((listener) => listener.onError(error));
  }

  recover(part: string): void {
    this.#told.delete(part);
  }

  #each(tell: (listener: SessionChannelListener) => void): void {
    for (const subscription of [...this.#listeners]) {
      if (!this.#listeners.has(subscription)) continue;
      try {
        tell(subscription.listener);
      } catch {
        // There is nobody to report the error to; it must not reach the publisher.
      }
    }
  }
}
