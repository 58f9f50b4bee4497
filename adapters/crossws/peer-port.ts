import type { Peer } from "crossws";
import type { AcceptedHandshake, SessionSocket, SocketPort } from "sessionwire/sockets";
import type { CrosswsTypes } from "./options.ts";

/** Stands between a socket and its session. crossws looks for lost peers itself (`idleTimeout`), so there is no ping. */
export class PeerPort<Attributes extends object> implements SocketPort<Peer> {
  readonly socket: Peer;
  readonly session: SessionSocket<Attributes>;

  constructor(socket: Peer, handshake: AcceptedHandshake<CrosswsTypes, Attributes>) {
    this.socket = socket;
    this.session = handshake.accept(this);
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  /** Not every runtime can do it, nor does every one tell of the end of a peer that is gone. */
  terminate(): void {
    try {
      this.socket.terminate();
    } catch {
      // Deno drops it when its `idleTimeout` is over.
    }
    this.session.closed(1006);
  }
}
