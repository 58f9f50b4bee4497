import { SessionError } from "sessionwire";
import { type Call, SharedWait } from "sessionwire/backend";
import type { MemcachedConnection } from "./connection.ts";

/** A call that waits for a connection, and may end before there is one. */
export type Waiting = Pick<Call, "ended">;

/**
 * The reason for giving up a connection: another one replaces it, it took too long, or nobody waits for it any longer.
 */
export type GiveUpReason = "replaced" | "too late" | "unawaited";

/** A connection from its first attempt to connect, with the calls that wait for it to open. */
export class Opening {
  readonly connection: MemcachedConnection;
  /** The start of the attempt, in monotonic milliseconds. */
  readonly begunMs: number;
  /** The reason for giving it up, if it was; losses by the network do not count. */
  ending: GiveUpReason | undefined;
  readonly #waiting = new SharedWait();

  constructor(connection: MemcachedConnection, begunMs: number) {
    this.connection = connection;
    this.begunMs = begunMs;
  }

  /** `true` while it is being opened for a caller that needs a fresh connection. */
  get isRenewal(): boolean {
    return this.#waiting.isRenewal && !this.connection.isOpen;
  }

  async wait(call: Waiting): Promise<void> {
    await this.#waiting.join(this.connection.opened, call);
  }

  /**
   * Waits like `wait`, for a caller that needs a fresh connection. When all such callers have left and nobody else
   * waits, the attempt is given up.
   */
  async renew(call: Waiting & Pick<Call, "signal">): Promise<void> {
    await this.#waiting.renew(this.wait(call), call.signal, () => this.giveUp("unawaited", unawaited()));
  }

  giveUp(ending: GiveUpReason, reason: SessionError): void {
    if (this.connection.isLost) return;
    this.ending = ending;
    this.connection.destroy(reason);
  }
}

function unawaited(): SessionError {
  return new SessionError("unavailable", "The new connection to Memcached was given up.");
}
