import { type Clock, SessionError } from "sessionwire";
import { type Call, scheduleDeadline } from "sessionwire/backend";
import type { MemcachedConnection } from "./connection.ts";
import { closed } from "./errors.ts";
import { Opening, type Waiting } from "./opening.ts";

/** What leads to one server: a connection that is opened when it is needed, and replaced when it is lost. */
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

  /** The connection, if it is open; or else the one being opened, or a new one. */
  open(call: Waiting): Promise<MemcachedConnection> {
    return this.#join(
      () => this.#usable,
      (opening) => opening.wait(call),
      call,
    );
  }

  /**
   * Resolves when a fresh connection is open. Overlapping calls share one; when all of them have given up, so does the attempt,
   * unless others wait for it: the next one must not wait for what may have no answer to hope for.
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
   * Waits for what another call has begun, or begins. The end of an attempt is no failure of those who wait for it when somebody
   * has put another in its place, or when it has run out of the time of the call that began it: they go on with the next one.
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

  /** One that has taken too long is none: the timer that should have ended it may have been that of a caller who is frozen. */
  get #usable(): Opening | undefined {
    const opening = this.#current;
    if (!opening || opening.connection.isLost) return undefined;
    const isOverdue = !opening.connection.isOpen && this.#clock.monotonic() - opening.begunMs >= this.#timeoutMs;
    if (isOverdue) this.#giveUpIn(0, opening); // unless its answer has arrived while this process stood still
    return opening;
  }

  /** A connection that is being opened because somebody wants a fresh one. */
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

/** With the code of a call that runs out of time, since which of the two is first is a matter of chance. */
function noConnection(timeoutMs: number): SessionError {
  return new SessionError("timeout", `There was no connection to Memcached within ${timeoutMs} ms.`);
}

function replaced(): SessionError {
  return new SessionError("unavailable", "The connection to Memcached is being replaced.");
}
