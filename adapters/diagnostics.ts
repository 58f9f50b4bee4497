/**
 * Publishes what happens to sessions on the channels of `node:diagnostics_channel`.
 *
 * @packageDocumentation
 */

import { channel, tracingChannel } from "node:diagnostics_channel";
import {
  auditEntryOf,
  type CallObserver,
  type CallResult,
  type ObservedCall,
  type SessionError,
  type SessionManager,
  type SessionObserver,
} from "sessionwire";
import type { SessionSocketEvent } from "sessionwire/sockets";

/**
 * The message about a call, one object from its beginning to its end.
 *
 * @public
 */
export interface CallMessage {
  /** The call, with a hash in place of the id. */
  readonly call: ObservedCall;
  /** The answer of the store, on `asyncStart` and `asyncEnd`. */
  result?: CallResult;
  /** The failure, on `error`, `asyncStart` and `asyncEnd`. */
  error?: SessionError;
}

/**
 * The observer of {@link createDiagnosticsObserver}.
 *
 * @public
 */
export interface DiagnosticsObserver extends SessionObserver {
  /** `true` while a tracing channel of calls has a subscriber. */
  readonly isListening: boolean;
  /**
   * Publishes the events of a manager on the channel `sessionwire:session`, as an `AuditEntry` each, and its writes on
   * `sessionwire:write`, as a `SessionWrite` each. Returns a function that ends it.
   */
  observe(sessions: Pick<SessionManager, "subscribe" | "subscribeToWrites" | "hashOf">): () => void;
  /** Publishes an event on sockets on the channel `sessionwire:socket`: the `onEvent` of a binding. */
  onSocketEvent(event: SessionSocketEvent): void;
}

/**
 * Creates an observer for `withObserver` that publishes each call on the tracing channels of `sessionwire:call`, and
 * only while they have subscribers.
 *
 * @remarks
 * The channels are those of `tracingChannel("sessionwire:call")`: `start` and `end` around the passing on of a call,
 * `asyncStart` and `asyncEnd` when it has ended, and `error` before them if it has failed. A store that is bound to
 * `start` (`bindStore`) is that of everything that the call does. Messages are {@link CallMessage}s.
 *
 * An error thrown by a subscriber becomes an uncaught exception, as on every such channel.
 *
 * @public
 */
export function createDiagnosticsObserver(): DiagnosticsObserver {
  const { start, end, asyncStart, asyncEnd, error: failure } = tracingChannel<unknown, CallMessage>("sessionwire:call");
  const events = channel("sessionwire:session");
  const writes = channel("sessionwire:write");
  const sockets = channel("sessionwire:socket");
  return {
    get isListening() {
      return (
        start.hasSubscribers ||
        end.hasSubscribers ||
        asyncStart.hasSubscribers ||
        asyncEnd.hasSubscribers ||
        failure.hasSubscribers
      );
    },
    begin(call): CallObserver {
      const message: CallMessage = { call };
      const endAsync = () => {
        asyncStart.publish(message);
        asyncEnd.publish(message);
      };
      return {
        run(passOn) {
          start.runStores(message, passOn);
          end.publish(message);
        },
        answered(result) {
          message.result = result;
          endAsync();
        },
        failed(error) {
          message.error = error;
          failure.publish(message);
          endAsync();
        },
      };
    },
    observe(sessions) {
      const endings = [
        sessions.subscribe((event) => {
          if (events.hasSubscribers) events.publish(auditEntryOf(event, sessions));
        }),
        sessions.subscribeToWrites((write) => writes.publish(write)),
      ];
      return () => {
        for (const end of endings) end();
      };
    },
    onSocketEvent(event) {
      sockets.publish(event);
    },
  };
}
