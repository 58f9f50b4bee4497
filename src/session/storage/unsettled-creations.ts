import type { Clock } from "../../clock.ts";
import type { NetworkedSessionHandler, SessionHandler } from "../../handler.ts";
import { RecentKeys } from "./recent-keys.ts";

/** The creations of sessions that have been sent, and of which the store has not said what became of them. */
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

  /** Called before a creation is sent: whoever waits for the answer may not live to hear it. Returns `false` if an earlier one is unsettled. */
  begin(key: string): boolean {
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    return true;
  }

  /** Called when the store has said what became of it. */
  end(key: string): void {
    this.#keys.delete(key);
  }

  /** Runs `erase` when the connection is gone on which the creation was sent, which cannot be applied afterwards. */
  async settle(key: string, erase: () => Promise<unknown>): Promise<void> {
    await this.#handler.reconnect?.({ connection: this.#handler.connectionOf?.(key) });
    await erase();
    this.#keys.delete(key);
  }
}
