import { type Clock, scheduleDeadline } from "../clock.ts";
import type { SessionError } from "../errors.ts";
import { Refusal } from "./handshake/refusal.ts";
import type { Pulse } from "./open-socket/pulse.ts";

/** Time in which a peer must answer when its place is needed. */
const ANSWER_WITHIN_MS = 2000;
/** A peer heard from more recently is not asked. */
const RECENTLY_MS = 1000;

/** A socket that has a session, as its group sees it. */
export interface TrackedSocket {
  /** The socket that the application receives. */
  readonly socket: unknown;
  readonly pulse: Pulse;
  /** Starts to close the socket. */
  end(code: number, text: string, reason: SessionError): void;
  /** Starts to close the socket, and resolves when it is closed. */
  close(code: number, text: string, reason: SessionError): Promise<void>;
}

/** The sockets and pending handshakes of one session or one user. */
export class SocketGroup {
  readonly sockets: Set<TrackedSocket> = new Set();
  #pendingHandshakes = 0;
  readonly #clock: Clock;
  readonly #onEmpty: () => void;
  #search: Promise<TrackedSocket | undefined> | undefined;

  constructor(clock: Clock, onEmpty: () => void) {
    this.#clock = clock;
    this.#onEmpty = onEmpty;
  }

  /** The number of sockets and pending handshakes. */
  get size(): number {
    return this.sockets.size + this.#pendingHandshakes;
  }

  /** Takes a place for a handshake. */
  enter(): void {
    this.#pendingHandshakes += 1;
  }

  /** Gives back the place of a handshake. */
  leave(): void {
    this.#pendingHandshakes -= 1;
    if (this.size === 0) this.#onEmpty();
  }

  /** Called when a socket is closed. */
  remove(socket: TrackedSocket): void {
    if (this.sockets.delete(socket) && this.size === 0) this.#onEmpty();
  }

  /** Finds, among the sockets that do not answer now, the one that has been silent the longest; `undefined`: all answer. */
  findSilent(): Promise<TrackedSocket | undefined> {
    this.#search ??= this.#findSilent().finally(() => {
      this.#search = undefined;
    });
    return this.#search;
  }

  async #findSilent(): Promise<TrackedSocket | undefined> {
    const asked = [...this.sockets].filter(({ pulse }) => pulse.canAsk && pulse.silentMs > RECENTLY_MS);
    if (asked.length === 0) return undefined;
    const answers = asked.map(({ pulse }) => pulse.whenHeard());
    for (const { pulse } of asked) pulse.ping();
    await this.#waitFor(Promise.all(answers));
    const silent = asked.filter((socket) => this.sockets.has(socket) && socket.pulse.isUnanswered);
    return silent.sort((one, other) => other.pulse.silentMs - one.pulse.silentMs)[0];
  }

  async #waitFor(answers: Promise<unknown>): Promise<void> {
    let cancelTimer = () => {};
    const time = new Promise<void>((resolve) => {
      cancelTimer = scheduleDeadline(this.#clock, resolve, ANSWER_WITHIN_MS);
    });
    await Promise.race([answers, time]);
    cancelTimer();
  }
}

/**
 * Takes a place in a group for a handshake. If `max` places are taken, the socket that does not answer and has been
 * silent the longest gives way. Rejects with a {@link Refusal} if all answer.
 *
 * @param find - Finds the current group. It is called again after a search; a place is counted and taken in one step,
 * so that simultaneous handshakes do not take it from each other.
 */
export async function takePlace<Group extends { readonly group: SocketGroup }>(
  find: () => Group,
  max: number,
): Promise<Group> {
  for (;;) {
    const found = find();
    if (found.group.size < max) {
      found.group.enter();
      return found;
    }
    const silent = await found.group.findSilent();
    if (silent === undefined) throw new Refusal("too-many");
    silent.pulse.stop();
  }
}
