import type { SessionError } from "../errors.ts";
import type { SessionMessage } from "./message.ts";

/**
 * Informs managers in other processes of events on sessions here, and this process of events there.
 *
 * @remarks
 * The store remains authoritative: a message only alerts code that tracks a session, and carries neither ids, keys nor
 * data. A message that arrives late, twice or from an outsider therefore does no harm, and a gap makes up for messages
 * that may have been missed.
 *
 * A manager subscribes once it has subscribers itself, so a process that only changes sessions does not listen.
 *
 * @public
 */
export interface SessionChannel extends AsyncDisposable {
  /**
   * The key under which messages name sessions, the same in all processes. Without one, a public constant is used. A
   * reader of the messages learns no id either way, but could then recognise a session whose key he knows.
   */
  readonly secret?: string | Uint8Array | undefined;
  /**
   * Sends a message to the subscribers in all other processes, in the order of the calls. Returns at once and never
   * throws, whatever the state of the channel: the event has already happened.
   */
  publish(message: SessionMessage): void;
  /**
   * Listens from now on. Returns a function that stops listening. The process may also hear its own messages; a manager
   * ignores them. A listener that throws does not affect others.
   */
  subscribe(listener: SessionChannelListener): () => void;
  /** Closes the channel: nothing more is delivered, and no connection or timer remains. It may be called again. */
  close(): Promise<void>;
}

/**
 * A listener of a {@link SessionChannel}.
 *
 * @public
 */
export interface SessionChannelListener {
  /** Called when something has happened to a session. */
  onMessage(message: SessionMessage): void;
  /** Called when the session under a handler's key has ended, by a source that receives keys from the store. */
  onKeyEnded(key: string): void;
  /**
   * Called when messages may have been missed up to now: after every interruption, and before the first subscription is
   * in force. From now on, each message is heard or followed by another gap.
   */
  onGap(): void;
  /**
   * Called when the channel cannot send or receive for now. It keeps trying. Called once per reason, until it has
   * worked again.
   */
  onError(error: SessionError): void;
}
