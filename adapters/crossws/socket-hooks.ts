import type { Hooks, Peer } from "crossws";
import type { AcceptedHandshake, SessionSocket } from "sessionwire/sockets";
import { takeHandshake } from "./handshake.ts";
import type { ApplicationHooks, CrosswsTypes } from "./options.ts";

/** Returns the hooks of sockets whose handshake was accepted. */
export function createSocketHooks<Attributes extends object>(
  application: ApplicationHooks<Attributes>,
): Pick<Hooks, "open" | "message" | "close" | "error"> {
  const sessions = new WeakMap<Peer, SessionSocket<Attributes>>();
  return {
    open(peer) {
      const handshake = takeHandshake<Attributes>(peer);
      if (handshake === undefined) return peer.close(1008, "There was no handshake.");
      const session = bindPeer(peer, handshake);
      sessions.set(peer, session);
      if (session.isOpen) session.begin();
    },
    message(peer, message) {
      const session = sessions.get(peer);
      if (session) session.received(message);
      else peer.close(1012, "The socket is no longer known.");
    },
    close(peer, details) {
      const session = sessions.get(peer);
      session?.closed(details.code ?? 1005);
      if (session) reportFailure(session, () => application.close?.(peer, details, session));
    },
    error(peer, error) {
      const session = sessions.get(peer);
      session?.failed(error);
      if (session) reportFailure(session, () => application.error?.(peer, error, session));
    },
  };
}

/**
 * Binds a socket to the session of its handshake. crossws detects lost peers itself (`idleTimeout`), so there is no
 * ping.
 */
function bindPeer<Attributes extends object>(
  socket: Peer,
  handshake: AcceptedHandshake<CrosswsTypes, Attributes>,
): SessionSocket<Attributes> {
  const session = handshake.accept({
    socket,
    close: (code, reason) => socket.close(code, reason),
    /** Terminates the peer. Not every runtime can do it, nor does each of them report that a lost peer has gone. */
    terminate() {
      try {
        socket.terminate();
      } catch {
        // Deno drops it when its `idleTimeout` is over.
      }
      session.closed(1006);
    },
  });
  return session;
}

/**
 * Reports the error that a hook rejects with: crossws drops the promise, and an unhandled rejection would end the
 * process.
 */
async function reportFailure(session: SessionSocket, run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    session.failed(error);
  }
}
