/**
 * The core that all bindings to WebSocket libraries share, for bindings of your own. It depends on no library and no
 * runtime.
 *
 * @packageDocumentation
 */

export type {
  AcceptedHandshake,
  HandshakeDecision,
  HandshakeRequest,
  RefusedHandshake,
  SessionSocket,
  SocketPort,
  SocketTypes,
} from "./sockets/binding.ts";
export { closeCodes, shouldReconnect } from "./sockets/close-codes.ts";
export { createSessionSocketServer } from "./sockets/create-socket-server.ts";
export type { RefusalReason, SessionSocketEvent } from "./sockets/events.ts";
export {
  type FetchRequest,
  handshakeRequest,
  isWebSocketHandshake,
  type NodeRequest,
} from "./sockets/handshake/handshake-request.ts";
export { refusalText } from "./sockets/handshake/refusal.ts";
export type { SocketSession } from "./sockets/open-socket/socket-session.ts";
export type { SessionClaim, SocketOptions } from "./sockets/options.ts";
export type { SessionSocketServer, SessionSockets } from "./sockets/socket-server.ts";
