import { createSessionManager, type Session, type SessionManager, type SessionManagerOptions } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import {
  type AcceptedHandshake,
  createSessionSocketServer,
  type HandshakeDecision,
  type SessionSocket,
  type SessionSocketEvent,
  type SessionSocketServer,
  type SocketOptions,
  type SocketPort,
} from "sessionwire/sockets";
import { createVirtualClock, type VirtualClock } from "sessionwire/testing";

/** A socket on paper: what it was told to do. */
export interface PaperSocket extends SocketPort<PaperSocket> {
  pings: number;
  bytes: number;
  isReading: boolean;
  closing: { readonly code: number; readonly reason: string } | undefined;
  isCutOff: boolean;
}

/** What a port may be able to do, and need not. */
export interface PaperAbilities {
  readonly pings?: boolean;
  readonly pauses?: boolean;
}

/** The core of sockets with a binding to nothing, in time that passes only when a test says so. */
export interface PaperStage extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly sessions: SessionManager;
  readonly server: SessionSocketServer;
  readonly events: SessionSocketEvent[];
  signIn(user?: string): Promise<Session>;
  decide(session: { readonly id: string }, signal?: AbortSignal): Promise<HandshakeDecision>;
  /** The status of a handshake: 101, or that of the refusal. A socket that is let in answers to pings. */
  status(session: { readonly id: string }): Promise<number>;
  connect(
    session: { readonly id: string },
    abilities?: PaperAbilities,
  ): Promise<{ readonly port: PaperSocket; readonly socket: SessionSocket }>;
}

export const origin = "http://app.example";

/** The parts of the package that a stage is made of: the real ones, or broken ones; and the time of a store that it is given. */
export interface PaperParts {
  readonly createSessionManager: typeof createSessionManager;
  readonly createMemoryHandler: typeof createMemoryHandler;
  readonly createSessionSocketServer: typeof createSessionSocketServer;
  readonly clock?: VirtualClock;
}

const ownParts: PaperParts = { createSessionManager, createMemoryHandler, createSessionSocketServer };

export function openPaperStage(
  options: Partial<SocketOptions> = {},
  managerOptions: Partial<SessionManagerOptions> = {},
  parts = ownParts,
): PaperStage {
  const { createSessionManager, createMemoryHandler, createSessionSocketServer, clock = createVirtualClock() } = parts;
  const handler = createMemoryHandler({ clock });
  const sessions = createSessionManager({ handler, clock, idleTimeoutSeconds: 36_000, ...managerOptions });
  const events: SessionSocketEvent[] = [];
  const server = createSessionSocketServer({
    sessions,
    allowedOrigins: [origin],
    clock,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const stage: PaperStage = {
    clock,
    sessions,
    server,
    events,
    async signIn(user = "Ann") {
      const session = await sessions.create();
      session.set("user", user);
      await session.save();
      return session;
    },
    async decide(session, signal) {
      const [cookie = ""] = (await sessions.cookie.serialize(session)).split(";");
      const headers: Record<string, string> = { cookie, origin };
      return server.decide({ url: "/", raw: "a request on paper", header: (name) => headers[name] }, signal);
    },
    async status(session) {
      const decision = await stage.decide(session);
      if (!decision.accepted) return decision.status;
      const { port, socket } = open(decision, {});
      port.ping = () => socket.heard();
      return 101;
    },
    async connect(session, abilities = {}) {
      const decision = await stage.decide(session);
      if (!decision.accepted) throw new Error(`The handshake was refused: ${decision.reason}.`);
      return open(decision, abilities);
    },
    async [Symbol.asyncDispose]() {
      const closing = server.close();
      await clock.advance(10_000);
      await closing;
      await sessions.close();
    },
  };
  return stage;
}

function open(decision: AcceptedHandshake, abilities: PaperAbilities) {
  const port = createPort(abilities);
  const socket = decision.accept(port);
  port.terminate = () => {
    if (!port.isCutOff) socket.closed(1006);
    port.isCutOff = true;
  };
  socket.begin();
  return { port, socket };
}

function createPort({ pings = true, pauses = true }: PaperAbilities): PaperSocket {
  const port: PaperSocket = {
    pings: 0,
    bytes: 0,
    isReading: true,
    closing: undefined,
    isCutOff: false,
    get socket() {
      return port;
    },
    close(code, reason) {
      port.closing = { code, reason };
    },
    terminate() {},
    bytesRead: () => port.bytes,
    isPaused: () => !port.isReading,
  };
  if (pings) {
    port.ping = () => {
      port.pings += 1;
    };
  }
  if (pauses) {
    port.pause = () => {
      port.isReading = false;
    };
    port.resume = () => {
      port.isReading = true;
    };
  }
  return port;
}
