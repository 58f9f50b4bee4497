import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Session } from "sessionwire";
import { scheduleDeadline } from "sessionwire/backend";
import type { LiveSession } from "./live-session.ts";
import type { LiveSessions } from "./live-sessions.ts";
import type { Settings } from "./options.ts";
import { Refusal } from "./refusal.ts";

/** Finds out whether a request may have a socket, and on which session. Cheap questions come first, and none after the deadline. */
export class Handshake {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly #lives: LiveSessions;
  readonly #settings: Settings;
  readonly #controller = new AbortController();
  #live: LiveSession | undefined;
  #hasLeft = false;

  constructor(request: IncomingMessage, socket: Duplex, lives: LiveSessions, settings: Settings) {
    this.request = request;
    this.socket = socket;
    this.#lives = lives;
    this.#settings = settings;
  }

  get live(): LiveSession {
    if (this.#live === undefined) throw new Error("The handshake has no session yet.");
    return this.#live;
  }

  giveUp(refusal: Refusal): void {
    this.#controller.abort(refusal);
  }

  /** From here on, the socket counts, or nobody. */
  readonly leave = (): void => {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    if (this.#live === undefined) return;
    this.#live.arrivals -= 1;
    this.#live.leave();
  };

  /** Rejects with a {@link Refusal}, or with whatever a function of the application has thrown. */
  async run(): Promise<void> {
    if (!this.socket.readable) throw new Refusal("left"); // while a path was looked up
    const { clock, handshakeTimeoutMs } = this.#settings;
    const onGone = () => this.giveUp(new Refusal("left"));
    this.socket.on("close", onGone).on("end", onGone);
    const cancelTimer = scheduleDeadline(clock, () => this.giveUp(new Refusal("timeout")), handshakeTimeoutMs);
    try {
      // What goes on after the handshake was given up is dropped, with whatever it rejects with.
      await Promise.race([this.#check(), rejectOnAbort(this.#controller.signal)]);
    } finally {
      cancelTimer();
      this.socket.off("close", onGone).off("end", onGone);
    }
  }

  async #check(): Promise<void> {
    const { request } = this;
    const { isAllowed, sessions } = this.#settings;
    if (!isWebSocketHandshake(request)) throw new Refusal("bad_request");
    if (!isAllowed(request)) throw new Refusal("origin");
    const id = await this.#findId();
    if (!sessions.format.isId(id)) throw new Refusal("no_session");
    await this.#join(id);
    const session = await this.#open(true);
    await this.#authorize(session);
  }

  async #findId(): Promise<string> {
    const { cookie } = this.#settings;
    const header = this.request.headers.cookie;
    const id = await cookie.parse(header);
    if (id !== undefined) return id;
    const isThere = cookie.name !== undefined && header?.includes(`${cookie.name}=`);
    throw new Refusal(isThere ? "bad_cookie" : "no_cookie");
  }

  async #join(id: string): Promise<void> {
    this.#live = await this.#lives.join(id);
    if (!this.#hasLeft) return;
    this.#hasLeft = false; // only now there is something to be left
    this.leave();
  }

  async #open(keepAlive: boolean): Promise<Session> {
    const opening = this.live.open(keepAlive, this.#controller.signal);
    const session = await opening.catch((error: unknown) => Promise.reject(new Refusal("unavailable", error)));
    if (session === undefined) throw new Refusal("no_session");
    return session;
  }

  /** Meanwhile the session may have ended elsewhere. */
  async #authorize(session: Session): Promise<void> {
    const { authorize } = this.#settings;
    if (authorize === undefined) return;
    if ((await authorize(session, this.request)) !== true) throw new Refusal("forbidden");
    await this.#open(false);
  }
}

/** Asked before anybody is troubled with it; ws asks the same, and some more. (RFC 6455, 4.2.1) */
function isWebSocketHandshake({ method, headers }: IncomingMessage): boolean {
  return (
    method === "GET" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers["sec-websocket-key"] ?? "") &&
    ["13", "8"].includes(headers["sec-websocket-version"] ?? "")
  );
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
