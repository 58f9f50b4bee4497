import type { Clock } from "../clock.ts";
import { isSessionError } from "../errors.ts";
import type { OperationObserver } from "./hooks.ts";

/** The check required before a connection may be used: none, a ping, or a reconnection. */
export type CheckNeeded = "none" | "ping" | "reconnect";

/** The state of a connection, and of those that replace it. */
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

  /** Checks if there has been no sign of life for `limitMs`. A connection that was never used has not been idle. */
  isIdle(limitMs: number): boolean {
    return this.#current.isIdle(limitMs);
  }

  /**
   * Returns an observer for a use that begins now. It stays with the current connection, and says nothing about one
   * that replaces it.
   */
  use(): OperationObserver {
    this.#current.begin();
    return this.#current;
  }

  /** Runs `use` on this connection and learns from its result. */
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

  /** Records that a new connection has replaced this one, and works. */
  renew(): void {
    this.#current = new Connection(this.#clock);
    this.#current.answered();
  }
}

/** A single connection. It is notified of results even after it has been replaced. */
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

  /** Counts idle time from the first use, which opens the connection, even if nobody waits for the answer. */
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
      // A caller's own time limit that expired means as much as ours; a caller that lost interest means nothing.
      return isTimeLimit(error.cause) ? "ping" : "none";
    default:
      return "none"; // the server answered, or the operation never reached the connection
  }
}

/** Checks for the reason given by `AbortSignal.timeout`. */
function isTimeLimit(reason: unknown): boolean {
  return typeof reason === "object" && reason !== null && "name" in reason && reason.name === "TimeoutError";
}
