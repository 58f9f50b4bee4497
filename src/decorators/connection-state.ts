import type { Clock } from "../clock.ts";
import { isSessionError } from "../errors.ts";
import type { OperationObserver } from "./hooks.ts";

/** What a connection needs before it may be used: nothing, an answer to a ping, or to be replaced. */
export type CheckNeeded = "none" | "ping" | "reconnect";

/** The knowledge about a connection, and about those that take its place. */
export class ConnectionState {
  readonly #clock: Clock;
  #current: Connection;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#current = new Connection(clock);
  }

  get checkNeeded(): CheckNeeded {
    return this.#current.checkNeeded;
  }

  /** Tells whether there has been no sign of life for so long. A connection that was never used has not been idle. */
  isIdle(limitMs: number): boolean {
    return this.#current.isIdle(limitMs);
  }

  /** Hears how a use ends that begins now. What happens on a connection says nothing of one that has taken its place. */
  use(): OperationObserver {
    this.#current.begin();
    return this.#current;
  }

  /** Runs `use` on this connection and learns from how it ends. */
  async observe<T>(use: () => Promise<T>): Promise<T> {
    const observer = this.use();
    try {
      const result = await use();
      observer.answered(result);
      return result;
    } catch (error) {
      observer.failed(error);
      throw error;
    }
  }

  /** Notes that a fresh connection has taken the place of this one, and works. */
  renew(): void {
    this.#current = new Connection(this.#clock);
    this.#current.answered();
  }
}

/** A single connection: it is told of what happens on it for as long as that may happen, also when it has been replaced. */
class Connection implements OperationObserver {
  checkNeeded: CheckNeeded = "none";
  readonly #clock: Clock;
  #isUsed = false;
  #signAt = 0;
  #signAtMonotonic = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isIdle(limitMs: number): boolean {
    if (limitMs === 0) return true;
    if (!this.#isUsed) return false;
    return Math.max(this.#clock.monotonic() - this.#signAtMonotonic, this.#clock.now() - this.#signAt) >= limitMs;
  }

  /** The first use opens the connection, so idle time counts from there, even if nobody waits for the answer. */
  begin(): void {
    if (!this.#isUsed) this.#giveSign();
  }

  answered(): void {
    this.#giveSign();
    if (this.checkNeeded === "ping") this.checkNeeded = "none";
  }

  failed(error: unknown): void {
    const checkNeeded = checkNeededAfter(error);
    if (checkNeeded === "reconnect" || this.checkNeeded === "none") this.checkNeeded = checkNeeded;
  }

  #giveSign(): void {
    this.#isUsed = true;
    this.#signAt = this.#clock.now();
    this.#signAtMonotonic = this.#clock.monotonic();
  }
}

function checkNeededAfter(error: unknown): CheckNeeded {
  if (error instanceof RangeError || error instanceof TypeError) return "none";
  if (!isSessionError(error)) return "ping";
  switch (error.code) {
    case "read-only":
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
