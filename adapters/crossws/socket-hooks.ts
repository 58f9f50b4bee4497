import type { Hooks, Peer } from "crossws";
import type { SessionSocket } from "sessionwire/sockets";
import { takeHandshake } from "./handshake.ts";
import type { ApplicationHooks } from "./options.ts";
import { PeerPort } from "./peer-port.ts";

/** The hooks of sockets that have come through their handshake. */
export function createSocketHooks<Attributes extends object>(
  application: ApplicationHooks<Attributes>,
): Pick<Hooks, "open" | "message" | "close" | "error"> {
  const ports = new WeakMap<Peer, PeerPort<Attributes>>();
  return {
    open(peer) {
      const handshake = takeHandshake<Attributes>(peer);
      if (handshake === undefined) return peer.close(1008, "There was no handshake.");
      const port = new PeerPort(peer, handshake);
      ports.set(peer, port);
      if (port.session.isOpen) port.session.begin();
    },
    message(peer, message) {
      const port = ports.get(peer);
      if (port) port.session.received(message);
      else peer.close(1012, "The socket is not known any more.");
    },
    close(peer, details) {
      const port = ports.get(peer);
      port?.session.closed(details.code ?? 1005);
      if (port) reportFailure(port.session, () => application.close?.(peer, details, port.session));
    },
    error(peer, error) {
      const port = ports.get(peer);
      port?.session.failed(error);
      if (port) reportFailure(port.session, () => application.error?.(peer, error, port.session));
    },
  };
}

/** Reports what a hook rejects with: crossws drops the promise, and a rejection would end the process. */
async function reportFailure(session: SessionSocket, run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    session.failed(error);
  }
}
