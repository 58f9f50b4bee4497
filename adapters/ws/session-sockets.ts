import type { WebSocket } from "ws";
import type { Gate } from "./gate.ts";
import { closingError } from "./live-session.ts";
import type { LiveSessions } from "./live-sessions.ts";

/**
 * The sockets that have a session.
 *
 * @public
 */
export interface SessionSockets extends AsyncDisposable {
  /** How many there are. */
  readonly size: number;
  /** The sockets of one session, by its id. */
  socketsOf(id: string): WebSocket[];
  /**
   * Looks now whether sessions are still there, and resolves when that is known or the store has failed to say; all, or those of one
   * key. For whoever hears from another process what happened there: the `key` is that of a `SessionEvent`.
   */
  revalidate(key?: string): Promise<void>;
  /**
   * Takes no handshakes any more, closes all sockets with 1001 and resolves when they are closed; those of peers that do not answer are
   * cut off after 2 s. The session manager stays open.
   */
  close(): Promise<void>;
}

export class ServedSockets implements SessionSockets {
  readonly #gate: Gate;
  readonly #lives: LiveSessions;
  #closing: Promise<void> | undefined;

  constructor(gate: Gate, lives: LiveSessions) {
    this.#gate = gate;
    this.#lives = lives;
  }

  get size(): number {
    return this.#lives.all().reduce((sum, { sockets }) => sum + sockets.size, 0);
  }

  socketsOf(id: string): WebSocket[] {
    const lives = this.#lives.all().filter((live) => live.id === id);
    return lives.flatMap(({ sockets }) => [...sockets].map(({ socket }) => socket));
  }

  revalidate(key?: string): Promise<void> {
    return this.#lives.revalidate(key);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#gate.close();
    const served = this.#lives.all().flatMap(({ sockets }) => [...sockets]);
    const closed = served.map(({ socket }) => new Promise((resolve) => socket.once("close", resolve)));
    for (const socket of served) socket.end(1001, "The server is ending.", closingError());
    await Promise.all(closed);
    this.#lives.close();
  }
}
