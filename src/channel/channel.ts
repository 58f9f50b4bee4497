import type { SessionError } from "../errors.ts";
import type { SessionMessage } from "./message.ts";

/**
 * Tells managers in other processes what happens to sessions here, and this one what happens there.
 *
 * @remarks
 * The truth stays in the store: a message only wakes whoever tracks a session, and carries neither ids, keys nor data. So a message that
 * comes late, twice or from somebody else does no harm, and one that may have been missed is made up for by a gap.
 *
 * A manager subscribes when somebody subscribes to it, so a process that only changes sessions does not listen.
 *
 * @public
 */
export interface SessionChannel extends AsyncDisposable {
  /**
   * The key under which messages name sessions, the same in all processes. Without one, a public constant is used: who reads the messages
   * learns no id either way, but could recognise a session whose key he knows.
   */
  readonly secret?: string | Uint8Array | undefined;
  /**
   * Sends a message to the subscribers in all other processes, in the order of the calls. Returns at once and never throws, whatever
   * the state of the channel: what it tells of has happened.
   */
  publish(message: SessionMessage): void;
  /**
   * Hears from now on, until the function it returns is called. Own messages may be heard, too; a manager leaves them out. A listener
   * that throws harms nobody.
   */
  subscribe(listener: SessionChannelListener): () => void;
  /** Ends it: nothing is delivered any more, and no connection or timer is left. May be called again. */
  close(): Promise<void>;
}

/**
 * Whoever hears a {@link SessionChannel}.
 *
 * @public
 */
export interface SessionChannelListener {
  /** Something has happened to a session. */
  onMessage(message: SessionMessage): void;
  /** The session under a key of the handler has ended: from a source that is told keys by the store. */
  onKeyEnded(key: string): void;
  /**
   * Messages may have been missed up to now, as after every interruption and before the first subscription was in force. From now
   * on, each is heard or followed by another gap.
   */
  onGap(): void;
  /** The channel is deaf or mute for now, and goes on trying. Once for each reason, until it has worked again. */
  onError(error: SessionError): void;
}
