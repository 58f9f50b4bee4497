import type { Clock } from "../clock.ts";
import { isSessionError } from "../errors.ts";

/** What a connection needs before it may be used: nothing, an answer to a ping, or to be replaced. */
export type Demand = "none" | "ping" | "reconnect";

/** What is known of one connection. */
export class ConnectionState {
  demand: Demand = "none";
  readonly #clock: Clock;
  #lastSign: Moment | undefined;
  /** Counts the connections that took each other's place: what happens on an old one says nothing about the new one. */
  #generation = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether there has been no sign of life for so long. A connection that was never used has not been idle. */
  isIdle(limitMs: number): boolean {
    if (limitMs === 0) return true;
    if (this.#lastSign === undefined) return false;
    const { now, monotonic } = this.#lastSign;
    return Math.max(this.#clock.monotonic() - monotonic, this.#clock.now() - now) >= limitMs;
  }

  /** Runs `use` on this connection and learns from how it ends. */
  async observe<T>(use: () => Promise<T>): Promise<T> {
    const generation = this.#generation;
    // The first use opens the connection, so idle time counts from there, even if nobody waits for the answer.
    this.#lastSign ??= this.#time();
    try {
      const result = await use();
      if (generation === this.#generation) this.#giveSign();
      return result;
    } catch (error) {
      if (generation === this.#generation) this.#suspect(error);
      throw error;
    }
  }

  /** Notes that a fresh connection has taken the place of this one, and works. */
  renew(): void {
    this.#generation += 1;
    this.demand = "none";
    this.#giveSign();
  }

  #giveSign(): void {
    this.#lastSign = this.#time();
    if (this.demand === "ping") this.demand = "none";
  }

  #time(): Moment {
    return { now: this.#clock.now(), monotonic: this.#clock.monotonic() };
  }

  #suspect(error: unknown): void {
    const demand = demandAfter(error);
    if (demand === "reconnect" || this.demand === "none") this.demand = demand;
  }
}

interface Moment {
  readonly now: number;
  readonly monotonic: number;
}

function demandAfter(error: unknown): Demand {
  if (error instanceof RangeError || error instanceof TypeError) return "none";
  if (!isSessionError(error)) return "ping";
  switch (error.code) {
    case "read_only":
      return "reconnect"; // a demoted master still answers pings
    case "unavailable":
    case "timeout":
    case "unauthorized":
    case "failed":
      return "ping";
    case "aborted":
      // A caller's own time limit that ran out says as much as ours; one who lost interest says nothing.
      return isTimeLimit(error.cause) ? "ping" : "none";
    default:
      return "none"; // the server answered, or the operation never reached the connection
  }
}

/** As `AbortSignal.timeout` gives it. */
function isTimeLimit(reason: unknown): boolean {
  return typeof reason === "object" && reason !== null && "name" in reason && reason.name === "TimeoutError";
}
