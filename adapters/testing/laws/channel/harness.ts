import type { SessionChannel } from "sessionwire";
import type { Exceptions } from "../law.ts";

/**
 * Provides the cases of a channel with a place where channels meet, and with channels to it.
 *
 * @public
 */
export interface ChannelHarness {
  /** Opens an empty place. Each case opens and disposes of its own. */
  openPlace(): Promise<ChannelPlace>;
  /** Laws that this channel cannot keep, each with the reason. */
  readonly exceptions?: Exceptions;
}

/**
 * A place where channels meet, for example a server, which the cases may disturb.
 *
 * @public
 */
export interface ChannelPlace extends AsyncDisposable {
  /** Creates another channel there, as another process would. */
  create(): SessionChannel;
  /** Publishes a foreign text. Absent if nobody else can publish. */
  publishForeign?(text: string): Promise<void>;
  /** The means to disturb its connections. Absent if it has none. */
  readonly connections?: ChannelConnections;
}

/**
 * The connections between channels and the place where they meet.
 *
 * @public
 */
export interface ChannelConnections {
  /** Resets all connections, so that messages are lost. New ones can be made at once. */
  reset(): void;
  /** Silently drops all connections, and new ones as well. */
  silence(): void;
  /** Silently drops all connections; new ones can be made at once. */
  drop(): void;
  /** Returns the number of open connections. */
  open(): number;
}
