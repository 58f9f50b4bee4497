import type { SessionChannel, SessionChannelListener, SessionManager, SessionManagerOptions } from "sessionwire";
import type { SessionFixture } from "./fixture.ts";

/** A channel that keeps published messages, and lets a case determine which are received. */
export interface ChannelStandIn extends SessionChannel {
  readonly published: unknown[];
  readonly listeners: Set<SessionChannelListener>;
  closes: number;
}

export function createChannelStandIn(overrides: Partial<SessionChannel> = {}): ChannelStandIn {
  const channel: ChannelStandIn = {
    published: [],
    listeners: new Set(),
    closes: 0,
    publish: (message) => void channel.published.push(message),
    subscribe(listener) {
      channel.listeners.add(listener);
      return () => void channel.listeners.delete(listener);
    },
    async close() {
      channel.closes += 1;
    },
    [Symbol.asyncDispose]: () => channel.close(),
    ...overrides,
  };
  return channel;
}

/** Returns two processes that receive each other's messages at once. */
export function connectedProcesses(
  { process }: SessionFixture,
  options: Partial<SessionManagerOptions> = {},
): readonly [here: SessionManager, there: SessionManager] {
  const channels = [createChannelStandIn(), createChannelStandIn()] as const;
  for (const channel of channels) {
    channel.publish = (message) => {
      for (const { listeners } of channels) for (const listener of listeners) listener.onMessage(message);
    };
  }
  const [here, there] = channels.map((channel) => process({ ...options, channel })) as [SessionManager, SessionManager];
  return [here, there];
}
