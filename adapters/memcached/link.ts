import { type Clock, SessionError } from "sessionwire";
import { type Call, scheduleDeadline } from "sessionwire/backend";
import type { MemcachedConnection } from "./connection.ts";
import { closed } from "./errors.ts";
import { Opening, type Waiting } from "./opening.ts";

/** The link to one server: a connection that is opened on demand and replaced when it is lost. */
export class ServerLink {
  readonly #connect: () => MemcachedConnection;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  #current: Opening | undefined;
  #isClosed = false;

  constructor(connect: () => MemcachedConnection, timeoutMs: number, clock: Clock) {
    this.#connect = connect;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  /** Returns the open connection, the one being opened, or a new one. */
  open(call: Waiting): Promise<MemcachedConnection> {
    return this.#join(
      () => this.#usable,
      (opening) => opening.wait(call),
      call,
    );
  }

  /**
   * Resolves when a fresh connection is open. Overlapping calls share one attempt. When all of them have given up, the
   * attempt is given up too, unless others wait for it: the next call must not wait for an attempt that may never be
   * answered.
   */
  async reconnect(call: Waiting & Pick<Call, "signal">): Promise<void> {
    await this.#join(
      () => this.#renewal,
      (opening) => opening.renew(call),
      call,
    );
  }

  close(): void {
    this.#isClosed = true;
    this.#current?.connection.destroy(closed());
  }

  /**
   * Joins the attempt of another call, or starts one. If the attempt was replaced, or ran out of the time of the call
   * that started it, its callers do not fail but go on with the next one.
   */
  async #join(
    find: () => Opening | undefined,
    wait: (opening: Opening) => Promise<void>,
    call: Waiting,
  ): Promise<MemcachedConnection> {
    for (;;) {
      const found = find();
      const opening = found ?? this.#start();
      try {
        if (!opening.connection.isOpen) await wait(opening);
        return opening.connection;
      } catch (error) {
        const goesOn = opening.ending === "replaced" || (opening.ending === "too late" && found !== undefined);
        if (call.ended || !goesOn) throw error;
      }
    }
  }

  /**
   * Returns the current attempt, if it can still be used. An overdue one cannot: the timer that should have ended it
   * may belong to a caller that is frozen.
   */
  get #usable(): Opening | undefined {
    const opening = this.#current;
    if (!opening || opening.connection.isLost) return undefined;
    const isOverdue = !opening.connection.isOpen && this.#clock.monotonic() - opening.begunMs >= this.#timeoutMs;
    if (isOverdue) this.#giveUpIn(0, opening); // unless its answer arrived while this process was suspended
    return opening;
  }

  /** Returns the attempt under way, if it was started for a fresh connection. */
  get #renewal(): Opening | undefined {
    const opening = this.#usable;
    return opening?.isRenewal ? opening : undefined;
  }

  #start(): Opening {
    if (this.#isClosed) throw closed();
    this.#current?.giveUp("replaced", replaced());
    const opening = new Opening(this.#connect(), this.#clock.monotonic());
    this.#giveUpIn(this.#timeoutMs, opening);
    this.#current = opening;
    return opening;
  }

  #giveUpIn(delayMs: number, opening: Opening): void {
    const giveUp = () => opening.giveUp("too late", noConnection(this.#timeoutMs));
    const cancelTimer = scheduleDeadline(this.#clock, giveUp, delayMs);
    opening.connection.opened.then(cancelTimer, cancelTimer);
  }
}

/**
 * Returns an error with the same code as a call that times out, because it is a matter of chance which of the two comes
 * first.
 */
function noConnection(timeoutMs: number): SessionError {
  return new SessionError("timeout", `There was no connection to Memcached within ${timeoutMs} ms.`);
}

function replaced(): SessionError {
  return new SessionError("unavailable", "The connection to Memcached is being replaced.");
}
