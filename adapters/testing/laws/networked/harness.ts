import type { Clock, NetworkedSessionHandler } from "sessionwire";
import type { Exceptions } from "../law.ts";

/**
 * Gives the cases of a networked handler a server that they may break, and handlers that reach it.
 *
 * @public
 */
export interface NetworkedHarness {
  /** Starts a server that holds nothing yet. Each case starts one of its own, and disposes of it. */
  startServer(): Promise<NetworkedServer>;
  /** Makes a handler whose only server is found on that port of the loopback interface: the server itself, or a proxy in front of it. */
  create(port: number, options: NetworkedHandlerOptions): NetworkedSessionHandler;
  /** Laws that this store or its client cannot keep, each with the reason. */
  readonly exceptions?: Exceptions;
}

/**
 * The options of a handler that a case asks for.
 *
 * @public
 */
export interface NetworkedHandlerOptions {
  /** The handler's deadline of an operation. */
  readonly timeoutMs: number;
  /** Where its time comes from, if not from the system. */
  readonly clock?: Clock;
  /** A password or token to open connections with, for a handler that takes one. The server need not accept it. */
  readonly secret?: string;
}

/**
 * A real server in a process of its own, on the loopback interface.
 *
 * @public
 */
export interface NetworkedServer extends AsyncDisposable {
  /** Where it listens, also when it has been started again. */
  readonly port: number;
  /** Number of writes, touches (also those of reads) and destroys that the server has taken up so far. */
  changes(): number | Promise<number>;
  /** Stops it without ending it: connections stay open, new ones are accepted, and nothing is answered. */
  freeze(): void;
  /** Lets a frozen server go on. */
  thaw(): void;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Kills it if it runs, and starts it again on its port, without its data. */
  restart(): Promise<void>;
}
