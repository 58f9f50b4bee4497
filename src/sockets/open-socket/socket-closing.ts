import { type Clock, scheduleDeadline } from "../../clock.ts";
import type { SessionError } from "../../errors.ts";
import type { SocketPort } from "../binding.ts";
import { closedError } from "../failures.ts";

/** Maximum time to wait for a peer that does not take part in closing the connection. */
const CLOSE_WITHIN_MS = 2000;

/** The closing of one socket: it is started here or by the peer, and done when the connection is closed. */
export class SocketClosing {
  readonly #port: SocketPort;
  readonly #clock: Clock;
  #controller: AbortController | undefined;
  #hasStarted = false;
  /** The reason for which it has started. Created on demand, because an error captures a stack trace. */
  #reason: SessionError | undefined;
  /** The code with which the socket was closed here: not every peer or library reports it back. */
  #code: number | undefined;
  #isDone = false;
  #cancelTimer: (() => void) | undefined;
  #whenDone: (() => void) | undefined;

  constructor(port: SocketPort, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
  }

  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Aborts when it starts. Created on demand: most sockets do not need it. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#hasStarted) this.#controller.abort(this.#whyStarted());
    return this.#controller.signal;
  }

  /** Resolves when the connection is closed. */
  whenDone(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenDone = resolve;
    });
  }

  start(code: number, text: string, reason: SessionError): void {
    this.#hasStarted = true;
    this.#reason = reason;
    this.#code = code;
    this.#cancelTimer = scheduleDeadline(this.#clock, () => this.#port.terminate(), CLOSE_WITHIN_MS);
    this.#port.close(code, text);
    this.#controller?.abort(reason);
  }

  /**
   * Records that the connection is closed. Returns the code with which it was closed here, or else by the peer;
   * `undefined` if this was already recorded.
   */
  finish(code: number): number | undefined {
    if (this.#isDone) return undefined;
    this.#isDone = true;
    this.#hasStarted = true;
    this.#cancelTimer?.();
    this.#controller?.abort(this.#whyStarted());
    this.#whenDone?.();
    return this.#code ?? code;
  }

  #whyStarted(): SessionError {
    this.#reason ??= closedError();
    return this.#reason;
  }
}
