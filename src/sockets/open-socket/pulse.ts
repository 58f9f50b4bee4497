import type { Clock } from "../../clock.ts";
import type { SocketPort } from "../binding.ts";

/** The signs of life of one peer. All times are monotonic, in milliseconds. */
export class Pulse {
  /** Drops the socket. */
  readonly stop: () => void;
  readonly #port: SocketPort;
  readonly #clock: Clock;
  #heardAt: number;
  /** The number of bytes received when a ping was sent; `undefined` once something has been received since. */
  #bytesAtPing: number | undefined;
  #whenHeard: (() => void)[] | undefined;

  constructor(port: SocketPort, clock: Clock, stop: () => void) {
    this.#port = port;
    this.#clock = clock;
    this.stop = stop;
    this.#heardAt = clock.monotonic();
  }

  /** `false` if the socket library sends no pings and detects lost peers itself. */
  get canAsk(): boolean {
    return this.#port.ping !== undefined;
  }

  get silentMs(): number {
    return this.#clock.monotonic() - this.#heardAt;
  }

  /**
   * `true` if a ping is unanswered and no part of a long message has been received since, although the socket is being
   * read.
   */
  get isUnanswered(): boolean {
    if (this.#bytesAtPing === undefined) return false;
    if (this.#bytesRead === this.#bytesAtPing && this.#port.isPaused?.() !== true) return true;
    this.heard();
    return false;
  }

  /** Records that something was received. */
  heard(): void {
    this.#heardAt = this.#clock.monotonic();
    this.#bytesAtPing = undefined;
    if (this.#whenHeard === undefined) return;
    for (const settle of this.#whenHeard) settle();
    this.#whenHeard = undefined;
  }

  ping(): void {
    this.#bytesAtPing = this.#bytesRead;
    this.#port.ping?.();
  }

  /** Resolves when something is received. */
  whenHeard(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenHeard ??= [];
      this.#whenHeard.push(resolve);
    });
  }

  get #bytesRead(): number {
    return this.#port.bytesRead?.() ?? 0;
  }
}
