import type { Clock, NetworkedSessionHandler } from "sessionwire";
import type { Exceptions } from "../law.ts";

/**
 * Provides the cases of a networked handler with a server that they may break, and handlers that reach it.
 *
 * @public
 */
export interface NetworkedHarness {
  /** Starts an empty server. Each case starts and disposes of its own. */
  startServer(): Promise<NetworkedServer>;
  /**
   * Creates a handler whose only server listens on that port of the loopback interface: the server itself, or a proxy
   * in front of it.
   */
  create(port: number, options: NetworkedHandlerOptions): NetworkedSessionHandler;
  /** Laws that this store or its client cannot keep, each with the reason. */
  readonly exceptions?: Exceptions;
}

/**
 * The options that a case requires of a handler.
 *
 * @public
 */
export interface NetworkedHandlerOptions {
  /** The handler's deadline for an operation, in ms. */
  readonly timeoutMs: number;
  /** The source of time, if not the system. */
  readonly clock?: Clock;
  /** A password or token for opening connections, if the handler accepts one. The server need not check it. */
  readonly secret?: string;
}

/**
 * A real server in its own process, on the loopback interface.
 *
 * @public
 */
export interface NetworkedServer extends AsyncDisposable {
  /** The port on which it listens, which a restart keeps. */
  readonly port: number;
  /**
   * Returns the number of writes, touches (including those of reads) and destroys that the server has received so far.
   */
  changes(): number | Promise<number>;
  /** Freezes it without ending it: connections stay open, new ones are accepted, and nothing is answered. */
  freeze(): void;
  /** Resumes a frozen server. */
  thaw(): void;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Kills it if it runs, and starts it again on its port, without its data. */
  restart(): Promise<void>;
}
