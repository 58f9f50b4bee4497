import type { ListingSessionHandler, NetworkedSessionHandler, SessionHandler } from "sessionwire";

/**
 * A handler whose URL determines whether it has a connection and can list its ids.
 *
 * @public
 */
export type SessionHandlerOfUrl = SessionHandler &
  Partial<Omit<NetworkedSessionHandler, keyof SessionHandler>> &
  Partial<Omit<ListingSessionHandler, keyof SessionHandler>>;
