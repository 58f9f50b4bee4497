import type { SessionChannel } from "sessionwire";
import type { Exceptions } from "../law.ts";

/**
 * Gives the cases of a channel a place where channels meet, and channels to it.
 *
 * @public
 */
export interface ChannelHarness {
  /** Opens a place where nobody is yet. Each case opens one of its own, and disposes of it. */
  openPlace(): Promise<ChannelPlace>;
  /** Laws that this channel cannot keep, each with the reason. */
  readonly exceptions?: Exceptions;
}

/**
 * A place where channels meet: a server, say, which the cases may trouble.
 *
 * @public
 */
export interface ChannelPlace extends AsyncDisposable {
  /** Makes another channel there, as another process would. */
  create(): SessionChannel;
  /** Publishes a text of somebody else. Absent: nobody else can. */
  publishForeign?(text: string): Promise<void>;
  /** How its connections are troubled. Absent: it has none. */
  readonly connections?: ChannelConnections;
}

/**
 * The connections between channels and the place where they meet.
 *
 * @public
 */
export interface ChannelConnections {
  /** Resets all of them, so that messages are lost. New ones can be made at once. */
  reset(): void;
  /** Makes all of them silent, without telling anybody, and new ones as well. */
  silence(): void;
  /** Makes all of them silent; new ones can be made at once. */
  drop(): void;
  /** Number of those that are open. */
  open(): number;
}
