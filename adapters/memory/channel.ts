import type { SessionChannel, SessionChannelListener } from "sessionwire";

/**
 * A channel between managers in one process.
 *
 * @public
 */
export interface MemoryChannel extends SessionChannel {
  /** Another channel for another manager: what one of them publishes, all of them hear. */
  another(): MemoryChannel;
}

/** All who hear, by the channel that they have subscribed to. */
type Subscriptions = Set<{ readonly channel: SessionChannel; readonly listener: SessionChannelListener }>;

export function joinChannel(subscriptions: Subscriptions): MemoryChannel {
  let isClosed = false;
  const channel: MemoryChannel = {
    another: () => joinChannel(subscriptions),
    publish(message) {
      if (isClosed) return;
      for (const subscription of subscriptions) {
        // Later, so that no listener runs within the operation that is told of.
        Promise.resolve().then(() => {
          if (!subscriptions.has(subscription)) return;
          try {
            subscription.listener.onMessage(message);
          } catch {
            // It has nobody to go to: not whoever published.
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
