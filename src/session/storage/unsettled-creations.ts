import type { Clock } from "../../clock.ts";
import type { NetworkedSessionHandler, SessionHandler } from "../../handler.ts";
import { RecentKeys } from "./recent-keys.ts";

/** The creations of sessions that were sent, and whose outcome is still unknown. */
export class UnsettledCreations {
  readonly #handler: SessionHandler & Partial<NetworkedSessionHandler>;
  readonly #keys: RecentKeys;

  constructor(handler: SessionHandler, clock: Clock) {
    this.#handler = handler;
    this.#keys = new RecentKeys(clock);
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /**
   * Called before a creation is sent, because the caller may not live to receive the answer. Returns `false` if an
   * earlier one is unsettled.
   */
  begin(key: string): boolean {
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    return true;
  }

  /** Called when the store has reported the outcome. */
  end(key: string): void {
    this.#keys.delete(key);
  }

  /** Drops the connection on which the creation was sent, so that it can no longer be applied, and then runs `erase`. */
  async settle(key: string, erase: () => Promise<unknown>): Promise<void> {
    await this.#handler.reconnect?.({ connection: this.#handler.connectionOf?.(key) });
    await erase();
    this.#keys.delete(key);
  }
}
