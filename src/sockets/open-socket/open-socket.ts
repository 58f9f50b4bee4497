import { isSessionError, type SessionError } from "../../errors.ts";
import type { OperationOptions } from "../../handler.ts";
import type { SessionDraft } from "../../session/draft/session-draft.ts";
import type { Session } from "../../session/session.ts";
import type { SessionSocket, SocketPort } from "../binding.ts";
import { closeCodes } from "../close-codes.ts";
import { goneError, silentError, tooFastError } from "../failures.ts";
import type { TrackedSession } from "../session-end/tracked-session.ts";
import type { Settings } from "../settings.ts";
import type { SocketGroup, TrackedSocket } from "../socket-group.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { MessageQueue } from "./message-queue.ts";
import { MessageRate } from "./message-rate.ts";
import { Pulse } from "./pulse.ts";
import { followMoves, reportFailures } from "./session-calls.ts";
import { SocketClosing } from "./socket-closing.ts";

/** The dependencies of a socket. */
export interface OpenSocketContext {
  readonly tracked: TrackedSession;
  /** The groups that it counts in. */
  readonly groups: readonly SocketGroup[];
  readonly heartbeat: Heartbeat | undefined;
  readonly settings: Settings;
}

/** A socket with a session: it keeps the session alive, and ends with it. */
export class OpenSocket implements SessionSocket, TrackedSocket {
  readonly pulse: Pulse;
  readonly #port: SocketPort;
  readonly #context: OpenSocketContext;
  readonly #closing: SocketClosing;
  readonly #messages: MessageQueue | undefined;
  readonly #rate: MessageRate | undefined;
  #request: unknown;
  #lastFailure: unknown;

  constructor(port: SocketPort, request: unknown, context: OpenSocketContext) {
    this.#port = port;
    this.#request = request;
    this.#context = context;
    const { tracked, groups, heartbeat, settings } = context;
    this.#closing = new SocketClosing(port, settings.clock);
    this.pulse = new Pulse(port, settings.clock, () => this.#cutOff());
    if (settings.onMessage) this.#messages = this.#createQueue(settings.onMessage);
    const { clock, maxMessagesPerMinute } = settings;
    if (maxMessagesPerMinute !== Infinity) this.#rate = new MessageRate(clock, maxMessagesPerMinute);
    for (const group of groups) group.sockets.add(this);
    if (this.pulse.canAsk) heartbeat?.add(this.pulse);
    settings.reporter.report({ type: "opened", key: tracked.key });
  }

  get socket(): unknown {
    return this.#port.socket;
  }

  get id(): string {
    return this.#context.tracked.id;
  }

  get isOpen(): boolean {
    return !this.#closing.hasStarted;
  }

  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  open(options: OperationOptions = {}): Promise<Session> {
    return this.#attempt(async () => {
      const session = await this.#context.settings.sessions.open(this.id, {
        keepAlive: false,
        silent: true,
        ...options,
      });
      if (session === undefined) throw goneError();
      return session;
    });
  }

  change<Result>(change: (draft: SessionDraft) => Result, options: OperationOptions = {}): Promise<Result> {
    return this.#attempt(() => this.#context.settings.sessions.update(this.id, change, options));
  }

  destroy(options: OperationOptions = {}): Promise<void> {
    return this.#attempt(() => this.#context.settings.sessions.destroy(this.id, options));
  }

  /** Hands the socket to the application. Failures of the application are its own, unless the session failed. */
  begin(): void {
    const request = this.#request;
    this.#request = undefined; // a socket outlives its request
    const beginning = this.#context.settings.onConnection?.(this.socket, request, this);
    if (!(beginning instanceof Promise)) return;
    this.#messages?.holdUntil(beginning);
    beginning.catch((error: unknown) => {
      if (!isSessionError(error)) throw error;
      this.failed(error);
      this.end(closeCodes.unavailable, "The session could not be opened.", error);
    });
  }

  received(message: unknown): void {
    this.pulse.heard();
    if (!this.isOpen) return;
    if (this.#rate?.take() === false) {
      this.#endTooFast();
      return;
    }
    this.#context.tracked.use();
    this.#messages?.push(message);
  }

  heard(): void {
    this.pulse.heard();
  }

  /** Reports each error once, however many promises it rejects. */
  failed(error: unknown): void {
    if (error === this.#lastFailure) return;
    this.#lastFailure = error;
    const { settings, tracked } = this.#context;
    settings.reporter.report({ type: "failed", key: tracked.key, error });
  }

  closed(code: number): void {
    const closeCode = this.#closing.finish(code);
    if (closeCode === undefined) return;
    const { settings, tracked } = this.#context;
    settings.reporter.report({ type: "closed", key: tracked.key, code: closeCode });
    this.#leave();
    this.pulse.heard(); // nobody waits for it any longer
  }

  end(code: number, text: string, reason: SessionError): void {
    if (!this.isOpen) return;
    this.#messages?.close();
    this.#closing.start(code, text, reason);
  }

  close(code: number, text: string, reason: SessionError): Promise<void> {
    const closed = this.#closing.whenDone();
    this.end(code, text, reason);
    return closed;
  }

  /** Drops a peer that has disappeared silently. Its place is free at once. */
  #cutOff(): void {
    this.end(closeCodes.silent, "The connection was silent for too long.", silentError());
    this.#port.terminate();
    this.#leave();
  }

  #endTooFast(): void {
    this.end(closeCodes.tooFast, "Messages arrived too fast.", tooFastError());
  }

  #leave(): void {
    const { groups, heartbeat } = this.#context;
    heartbeat?.remove(this.pulse);
    for (const group of groups) group.remove(this);
  }

  #createQueue(onMessage: NonNullable<Settings["onMessage"]>): MessageQueue {
    const port = this.#port;
    return new MessageQueue({
      handle: (message) => onMessage(port.socket, message, this),
      failed: (error) => this.failed(error),
      onFull: () => {
        if (port.pause) port.pause();
        else this.#endTooFast();
      },
      onRoom: () => port.resume?.(),
    });
  }

  #attempt<Result>(run: () => Promise<Result>): Promise<Result> {
    return reportFailures(
      () => followMoves(this.#context.tracked, run),
      (error) => this.failed(error),
    );
  }
}
