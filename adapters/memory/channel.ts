import type { SessionChannel, SessionChannelListener } from "sessionwire";

/**
 * A channel between managers in one process.
 *
 * @public
 */
export interface MemoryChannel extends SessionChannel {
  /** Returns another channel for another manager: all of them receive the messages that one of them publishes. */
  another(): MemoryChannel;
}

/** The listeners, by the channel that they subscribed to. */
type Subscriptions = Set<{ readonly channel: SessionChannel; readonly listener: SessionChannelListener }>;

export function joinChannel(subscriptions: Subscriptions): MemoryChannel {
  let isClosed = false;
  const channel: MemoryChannel = {
    another: () => joinChannel(subscriptions),
    publish(message) {
      if (isClosed) return;
      for (const subscription of subscriptions) {
        // Deferred, so that no listener runs within the operation that is reported.
        Promise.resolve().then(() => {
          if (!subscriptions.has(subscription)) return;
          try {
            subscription.listener.onMessage(message);
          } catch {
            // There is nobody to report the error to; it must not reach the publisher.
          }
        });
      }
    },
    subscribe(listener) {
      const subscription = { channel, listener };
      if (!isClosed) subscriptions.add(subscription);
      return () => void subscriptions.delete(subscription);
    },
    async close() {
      isClosed = true;
      for (const each of subscriptions) if (each.channel === channel) subscriptions.delete(each);
    },
    [Symbol.asyncDispose]: () => channel.close(),
  };
  return channel;
}
