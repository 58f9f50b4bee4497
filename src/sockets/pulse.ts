import type { Clock } from "../clock.ts";
import type { SocketPort } from "./binding.ts";

/** The signs of life of one peer. All times are monotonic, in milliseconds. */
export class Pulse {
  /** Cuts the socket off. */
  readonly stop: () => void;
  readonly #port: SocketPort;
  readonly #clock: Clock;
  #heardAt: number;
  /** The bytes received when a ping was sent; `undefined` once something has been heard since. */
  #bytesAtPing: number | undefined;
  #whenHeard: (() => void)[] | undefined;

  constructor(port: SocketPort, clock: Clock, stop: () => void) {
    this.#port = port;
    this.#clock = clock;
    this.stop = stop;
    this.#heardAt = clock.monotonic();
  }

  /** `false` where the library of the sockets sends no pings, and sees to lost peers itself. */
  get canAsk(): boolean {
    return this.#port.ping !== undefined;
  }

  get silentMs(): number {
    return this.#clock.monotonic() - this.#heardAt;
  }

  /** `true` when a ping has had no answer, and no part of a long message has come in since, although somebody reads. */
  get isUnanswered(): boolean {
    if (this.#bytesAtPing === undefined) return false;
    if (this.#bytesRead === this.#bytesAtPing && this.#port.isPaused?.() !== true) return true;
    this.heard();
    return false;
  }

  /** Notes that something has come in. */
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

  /** Resolves when something comes in. */
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
