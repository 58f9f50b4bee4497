import { SessionError } from "sessionwire";
import { type Call, SharedWait } from "sessionwire/backend";
import type { MemcachedConnection } from "./connection.ts";

/** A call that waits for a connection, and may end before there is one. */
export type Waiting = Pick<Call, "ended">;

/** Why a connection was given up: another is to take its place, it has taken too long, or nobody waits for it any more. */
export type Ending = "replaced" | "too late" | "unawaited";

/** A connection, from its beginning, with those who wait for it to be open. */
export class Opening {
  readonly connection: MemcachedConnection;
  /** When it was begun, by monotonic time. */
  readonly begunMs: number;
  /** Why it was given up, if it was; not what the network has done to it. */
  ending: Ending | undefined;
  readonly #waiting = new SharedWait();

  constructor(connection: MemcachedConnection, begunMs: number) {
    this.connection = connection;
    this.begunMs = begunMs;
  }

  /** Whether it is being opened for somebody who wants a fresh one. */
  get isRenewal(): boolean {
    return this.#waiting.isRenewal && !this.connection.isOpen;
  }

  async wait(call: Waiting): Promise<void> {
    await this.#waiting.join(this.connection.opened, call);
  }

  /** As `wait`, for somebody who wants a fresh connection. When all of them have left, and nobody else waits, it is given up. */
  async renew(call: Waiting & Pick<Call, "signal">): Promise<void> {
    await this.#waiting.renew(this.wait(call), call.signal, () => this.giveUp("unawaited", unawaited()));
  }

  giveUp(ending: Ending, reason: SessionError): void {
    if (this.connection.isLost) return;
    this.ending = ending;
    this.connection.destroy(reason);
  }
}

function unawaited(): SessionError {
  return new SessionError("unavailable", "The new connection to Memcached was given up.");
}
