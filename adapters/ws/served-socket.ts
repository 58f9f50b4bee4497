import type { IncomingMessage } from "node:http";
import { isSessionError, type OperationOptions, type Session, type SessionDraft, SessionError } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";
import type { WebSocket } from "ws";
import { keepEarlyMessages } from "./early-messages.ts";
import { goneError, type LiveSession } from "./live-session.ts";
import type { Settings } from "./options.ts";
import type { SocketSession } from "./socket-session.ts";

/** A peer that does not take part in closing a connection is not waited for any longer. */
const CLOSE_WITHIN_MS = 2000;

/** A socket that has a session: keeps it alive, and ends with it. */
export class ServedSocket implements SocketSession {
  readonly socket: WebSocket;
  readonly #live: LiveSession;
  readonly #settings: Settings;
  readonly #dropEarly: () => void;
  #controller: AbortController | undefined;
  #over: SessionError | undefined;

  constructor(socket: WebSocket, live: LiveSession, settings: Settings) {
    this.socket = socket;
    this.#live = live;
    this.#settings = settings;
    live.sockets.add(this);
    socket.on("message", () => live.use());
    socket.on("error", (error) => this.#report(error));
    socket.on("close", (code) => this.#onClose(code));
    this.#dropEarly = keepEarlyMessages(socket);
    const cancelTimer = scheduleDeadline(settings.clock, this.#dropEarly, settings.handshakeTimeoutMs);
    socket.once("close", cancelTimer);
    settings.reports.add({ type: "opened", key: live.key });
  }

  get id(): string {
    return this.#live.id;
  }

  /** Made when it is asked for: most sockets need none. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#over) this.#controller.abort(this.#over);
    return this.#controller.signal;
  }

  open(options: OperationOptions = {}): Promise<Session> {
    return this.#attempt(async () => {
      const session = await this.#settings.sessions.open(this.id, { keepAlive: false, ...options });
      if (session === undefined) throw goneError();
      return session;
    });
  }

  update<Result>(change: (draft: SessionDraft) => Result, options: OperationOptions = {}): Promise<Result> {
    return this.#attempt(() => this.#settings.sessions.update(this.id, change, options));
  }

  destroy(options: OperationOptions = {}): Promise<void> {
    return this.#attempt(() => this.#settings.sessions.destroy(this.id, options));
  }

  /** Hands it to the application, whose failures are its own unless it is the session that fails. */
  begin(request: IncomingMessage): void {
    const beginning = this.#settings.onConnection?.(this.socket, request, this);
    if (!(beginning instanceof Promise)) return;
    beginning.catch((error: unknown) => {
      if (!isSessionError(error)) throw error;
      this.#report(error);
      this.end(1013, "The session could not be opened.", error);
    });
  }

  /** Lets no message through any more, and closes; a peer that does not answer is cut off. */
  end(code: number, text: string, reason: SessionError): void {
    if (this.#over) return;
    this.#over = reason;
    const { socket } = this;
    this.#dropEarly();
    silence(socket);
    socket.resume(); // or the answer of the peer would not be seen
    socket.close(code, text);
    const cancelTimer = scheduleDeadline(this.#settings.clock, () => socket.terminate(), CLOSE_WITHIN_MS);
    socket.once("close", cancelTimer);
    this.#controller?.abort(reason);
  }

  #onClose(code: number): void {
    const live = this.#live;
    live.sockets.delete(this);
    this.#over ??= new SessionError("closed", "The socket is closed.", { outcome: "not-applied" });
    this.#controller?.abort(this.#over);
    this.#settings.reports.add({ type: "closed", key: live.key, code });
    live.leave();
  }

  #report(error: unknown): void {
    this.#settings.reports.add({ type: "failed", key: this.#live.key, error });
  }

  /** Rejects like `run`; but a failure that nobody handles brings nothing down, unless it is the application's own. */
  #attempt<Result>(run: () => Promise<Result>): Promise<Result> {
    const attempt = new Promise<Result>((resolve, reject) => {
      this.#follow(run).then(resolve, (error: unknown) => {
        if (isSessionError(error)) {
          attempt.catch(() => {}); // whoever handles it gets it all the same
          this.#report(error);
        }
        reject(error);
      });
    });
    return attempt;
  }

  /** What found nothing under an id that the session has given up meanwhile is done again under the id that it has now. */
  async #follow<Result>(run: () => Promise<Result>): Promise<Result> {
    const live = this.#live;
    for (;;) {
      await live.settled();
      if (live.hasEnded) throw goneError();
      const { id } = live;
      try {
        const result = await run();
        if (id === live.id) live.confirm();
        return result;
      } catch (error) {
        if (!isSessionError(error) || error.code !== "gone") throw error;
        if (id !== live.id) continue;
        if (!live.hasEnded) await live.revalidate();
        throw error;
      }
    }
  }
}

/** From now on no message reaches anybody, not even those who begin to listen later. */
function silence(socket: WebSocket): void {
  socket.removeAllListeners("message");
  socket.on("newListener", (event) => {
    if (event === "message") queueMicrotask(() => socket.removeAllListeners("message"));
  });
}
