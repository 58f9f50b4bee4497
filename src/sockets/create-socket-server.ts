import type { Clock } from "../clock.ts";
import type {
  AcceptedHandshake,
  HandshakeDecision,
  HandshakeRequest,
  RefusedHandshake,
  SocketPort,
  SocketTypes,
} from "./binding.ts";
import { closeCodes } from "./close-codes.ts";
import type { RefusalReason } from "./events.ts";
import { closingError, lateError } from "./failures.ts";
import { Handshake } from "./handshake/handshake.ts";
import { Refusal, refusedHandshake } from "./handshake/refusal.ts";
import { Heartbeat } from "./open-socket/heartbeat.ts";
import { OpenSocket } from "./open-socket/open-socket.ts";
import type { SocketOptions } from "./options.ts";
import { closeWithSession } from "./session-end/close-with-session.ts";
import { SessionRegistry } from "./session-end/session-registry.ts";
import { type Settings, settingsOf } from "./settings.ts";
import type { SessionSocketServer } from "./socket-server.ts";

/**
 * Creates the part that all bindings share: it decides who may have a socket, and manages the open sockets. It depends
 * on no socket library and no runtime.
 *
 * @param caller - The name of the binding's function, for messages about its options.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function createSessionSocketServer<
  Attributes extends object = Record<string, unknown>,
  Types extends SocketTypes = SocketTypes,
>(
  options: SocketOptions<Attributes, Types>,
  caller = "createSessionSocketServer",
): SessionSocketServer<Types, Attributes> {
  const server: SessionSocketServer = new SocketServer(settingsOf(options as unknown as SocketOptions, caller));
  return server as unknown as SessionSocketServer<Types, Attributes>; // the two differ only in their types
}

class SocketServer implements SessionSocketServer {
  readonly #settings: Settings;
  readonly #registry: SessionRegistry;
  readonly #heartbeat: Heartbeat | undefined;
  readonly #handshakes = new Set<Handshake>();
  readonly #controller = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#registry = new SessionRegistry(settings);
    const { clock, heartbeatMs } = settings;
    if (heartbeatMs !== Infinity) this.#heartbeat = new Heartbeat(clock, heartbeatMs);
  }

  get clock(): Clock {
    return this.#settings.clock;
  }

  get handshakeTimeoutMs(): number {
    return this.#settings.handshakeTimeoutMs;
  }

  get takesMessages(): boolean {
    return this.#settings.onMessage !== undefined;
  }

  get closing(): AbortSignal {
    return this.#controller.signal;
  }

  get size(): number {
    return this.#registry.all().reduce((sum, { group }) => sum + group.sockets.size, 0);
  }

  socketsOf(id: string): unknown[] {
    const sessions = this.#registry.all().filter((tracked) => tracked.id === id);
    return sessions.flatMap(({ group }) => [...group.sockets].map(({ socket }) => socket));
  }

  revalidate(key?: string): Promise<void> {
    return this.#registry.revalidate(key);
  }

  async decide(request: HandshakeRequest, signal?: AbortSignal): Promise<HandshakeDecision> {
    const handshake = new Handshake(request, this.#registry, this.#settings);
    this.#handshakes.add(handshake);
    try {
      if (this.closing.aborted) throw new Refusal("closing");
      await handshake.run(signal);
      handshake.keepPlace(signal);
      return this.#accepted(handshake);
    } catch (error) {
      handshake.leave();
      return error instanceof Refusal ? this.refuse(error.reason, error.cause) : this.refuse("error", error);
    } finally {
      this.#handshakes.delete(handshake);
    }
  }

  async checkOrigin(request: HandshakeRequest): Promise<RefusedHandshake | undefined> {
    try {
      return (await this.#settings.isAllowed(request)) ? undefined : this.refuse("origin");
    } catch (error) {
      return this.refuse("error", error);
    }
  }

  refuse(reason: RefusalReason | "left", error?: unknown): RefusedHandshake {
    const { reporter } = this.#settings;
    const refused = refusedHandshake(reason);
    if (reason !== "left") reporter.report({ type: "refused", reason, status: refused.status });
    if (error !== undefined) reporter.report({ type: "failed", key: undefined, error });
    return refused;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#controller.abort(closingError());
    for (const handshake of this.#handshakes) handshake.giveUp(new Refusal("closing"));
    const sockets = this.#registry.all().flatMap(({ group }) => [...group.sockets]);
    await Promise.all(
      sockets.map((socket) => socket.close(closeCodes.closing, "The server is shutting down.", closingError())),
    );
    this.#registry.close();
  }

  /** The session was tracked before it was checked, so it cannot have ended here unnoticed. */
  #accepted(handshake: Handshake): AcceptedHandshake {
    const { tracked, request } = handshake;
    return {
      accepted: true,
      confirm: () => {
        if (!tracked.hasEnded && !this.closing.aborted) return undefined;
        handshake.leave();
        return this.refuse(tracked.hasEnded ? "no-session" : "closing");
      },
      accept: (port: SocketPort) => {
        const groups = handshake.hasLeft ? [tracked.group] : [...handshake.groups];
        const context = { tracked, groups, heartbeat: this.#heartbeat, settings: this.#settings };
        const socket = new OpenSocket(port, request.raw, context);
        const isLate = handshake.hasLeft;
        handshake.leave();
        if (tracked.hasEnded) closeWithSession([socket], "gone");
        else if (this.closing.aborted) socket.end(closeCodes.closing, "The server is shutting down.", closingError());
        else if (isLate) socket.end(closeCodes.unavailable, "The handshake took too long.", lateError());
        return socket;
      },
    };
  }
}
