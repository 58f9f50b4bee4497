import { SessionError } from "sessionwire";
import type { Call } from "sessionwire/backend";
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
  readonly #waiting = new Set<Waiting>();
  #renewals = 0;

  constructor(connection: MemcachedConnection, begunMs: number) {
    this.connection = connection;
    this.begunMs = begunMs;
  }

  /** Whether it is being opened for somebody who wants a fresh one. */
  get isRenewal(): boolean {
    return this.#renewals > 0 && !this.connection.isOpen;
  }

  async wait(call: Waiting): Promise<void> {
    this.#waiting.add(call);
    try {
      await this.connection.opened;
    } finally {
      this.#waiting.delete(call);
    }
  }

  /** As `wait`, for somebody who wants a fresh connection. When all of them have left, and nobody else waits, it is given up. */
  async renew(call: Waiting & Pick<Call, "signal">): Promise<void> {
    const leave = () => {
      this.#renewals -= 1;
      if (this.#renewals === 0 && !this.#isAwaited) this.giveUp("unawaited", unawaited());
    };
    this.#renewals += 1;
    call.signal.addEventListener("abort", leave);
    try {
      await this.wait(call);
    } finally {
      call.signal.removeEventListener("abort", leave);
    }
  }

  get #isAwaited(): boolean {
    return [...this.#waiting].some(({ ended }) => !ended);
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
