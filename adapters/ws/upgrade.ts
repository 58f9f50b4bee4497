import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { systemClock } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";
import { type RefusedHandshake, refusalText } from "sessionwire/sockets";

/** Time limit in ms for a peer to accept a refusal, after which the connection is dropped. */
const ANSWER_WITHIN_MS = 1000;

/** A request for an upgrade, and the connection on which it arrived. */
export class Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex & Partial<Pick<Socket, "bytesWritten">>;
  readonly head: Buffer;
  readonly #gone = new AbortController();
  readonly #bytesBefore: number;
  readonly #onGone = () => this.#gone.abort();
  #onEnd = () => {};

  constructor(request: IncomingMessage, socket: Duplex, head: Buffer) {
    this.request = request;
    this.socket = socket;
    this.head = head;
    this.#bytesBefore = this.#bytesWritten;
    socket.on("error", ignore); // at once: Node has just removed its own listener
    socket.once("close", this.#onGone).once("end", this.#onGone);
  }

  /** Aborts when the client has left. */
  get whenGone(): AbortSignal {
    return this.#gone.signal;
  }

  /** `true` when the client has left, or is about to. */
  get isGone(): boolean {
    return !this.socket.readable || this.#gone.signal.aborted;
  }

  /** `true` when another listener has written to the connection, and so answered it. */
  get isTaken(): boolean {
    return this.#bytesWritten > this.#bytesBefore;
  }

  /** Answers the request, unless another listener has done so. */
  refuse(refused: RefusedHandshake): void {
    this.leave();
    if (this.isTaken) return;
    if (refused.reason === "left" || !this.socket.writable) this.socket.destroy();
    else this.#answer(refusalText(refused));
  }

  /** Calls `onEnd` if the connection closes before it is released. */
  handOver(onEnd: () => void): void {
    this.socket.off("end", this.#onGone); // from here on, ws is responsible for the connection
    this.#onEnd = onEnd;
    this.socket.once("close", this.#onEnd);
  }

  /** Releases the place of the handshake. */
  giveUp(): void {
    this.leave();
    this.#gone.abort();
  }

  /** Removes the listeners, which would keep the whole handshake in memory. */
  leave(): void {
    this.socket.off("close", this.#onGone).off("end", this.#onGone).off("close", this.#onEnd);
  }

  #answer(text: string): void {
    const { socket } = this;
    const close = () => socket.destroy();
    socket.once("close", scheduleDeadline(systemClock, close, ANSWER_WITHIN_MS)).once("finish", close);
    socket.end(text);
  }

  get #bytesWritten(): number {
    return this.socket.bytesWritten ?? 0;
  }
}

/** An error of a connection is followed by its end, which is all that matters here. */
function ignore(): void {}
