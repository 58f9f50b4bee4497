import { scheduleDeadline } from "../clock.ts";
import { isSessionError, type SessionError } from "../errors.ts";
import type { OperationOptions } from "../handler.ts";
import type { SessionDraft } from "../session/draft.ts";
import type { Session } from "../session/session.ts";
import type { SessionSocket, SocketPort } from "./binding.ts";
import { closedError, goneError } from "./failures.ts";
import type { Settings } from "./options.ts";
import type { TrackedSession, TrackedSocket } from "./tracked-session.ts";

/** A peer that does not take part in closing a connection is not waited for any longer. */
const CLOSE_WITHIN_MS = 2000;

/** A socket that has a session: keeps it alive, and ends with it. */
export class BoundSocket implements SessionSocket, TrackedSocket {
  readonly #port: SocketPort;
  #request: unknown;
  readonly #tracked: TrackedSession;
  readonly #settings: Settings;
  #controller: AbortController | undefined;
  #over: SessionError | undefined;
  #cancelTimer: (() => void) | undefined;
  #whenClosed: (() => void) | undefined;

  constructor(port: SocketPort, request: unknown, tracked: TrackedSession, settings: Settings) {
    this.#port = port;
    this.#request = request;
    this.#tracked = tracked;
    this.#settings = settings;
    tracked.sockets.add(this);
    settings.reporter.report({ type: "opened", key: tracked.key });
  }

  get socket(): unknown {
    return this.#port.socket;
  }

  get id(): string {
    return this.#tracked.id;
  }

  get isOpen(): boolean {
    return this.#over === undefined;
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
  begin(): void {
    const request = this.#request;
    this.#request = undefined; // a socket lives for longer than its request should
    const beginning = this.#settings.onConnection?.(this.socket, request, this);
    if (!(beginning instanceof Promise)) return;
    beginning.catch((error: unknown) => {
      if (!isSessionError(error)) throw error;
      this.failed(error);
      this.end(1013, "The session could not be opened.", error);
    });
  }

  received(): void {
    this.#tracked.use();
  }

  failed(error: unknown): void {
    this.#settings.reporter.report({ type: "failed", key: this.#tracked.key, error });
  }

  closed(code: number): void {
    const tracked = this.#tracked;
    this.#cancelTimer?.();
    tracked.sockets.delete(this);
    this.#over ??= closedError();
    this.#controller?.abort(this.#over);
    this.#settings.reporter.report({ type: "closed", key: tracked.key, code });
    this.#whenClosed?.();
    tracked.leave();
  }

  /** Lets no message through any more, and closes; a peer that does not answer is cut off. */
  end(code: number, text: string, reason: SessionError): void {
    if (this.#over) return;
    this.#over = reason;
    this.#cancelTimer = scheduleDeadline(this.#settings.clock, () => this.#port.terminate(), CLOSE_WITHIN_MS);
    this.#port.close(code, text);
    this.#controller?.abort(reason);
  }

  /** Ends it, and resolves when it is closed. */
  close(code: number, text: string, reason: SessionError): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#whenClosed = resolve;
    });
    this.end(code, text, reason);
    return closed;
  }

  /** Rejects like `run`; but a failure that nobody handles brings nothing down, unless it is the application's own. */
  #attempt<Result>(run: () => Promise<Result>): Promise<Result> {
    const attempt = new Promise<Result>((resolve, reject) => {
      this.#follow(run).then(resolve, (error: unknown) => {
        if (isSessionError(error)) {
          attempt.catch(() => {}); // whoever handles it gets it all the same
          this.failed(error);
        }
        reject(error);
      });
    });
    return attempt;
  }

  /** Runs again what found nothing under an id that the session has given up meanwhile. */
  async #follow<Result>(run: () => Promise<Result>): Promise<Result> {
    const tracked = this.#tracked;
    for (;;) {
      await tracked.whenStored();
      if (tracked.hasEnded) throw goneError();
      const { id } = tracked;
      try {
        const result = await run();
        if (id === tracked.id) tracked.confirm();
        return result;
      } catch (error) {
        if (!isSessionError(error) || error.code !== "gone") throw error;
        if (id !== tracked.id) continue;
        if (!tracked.hasEnded) await tracked.revalidate();
        throw error;
      }
    }
  }
}
