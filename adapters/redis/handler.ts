import {
  type HandlerOptions,
  type ListingSessionHandler,
  type NetworkedSessionHandler,
  systemClock,
} from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import { createRedisBackend } from "./backend.ts";
import type { Client, Making } from "./client.ts";
import type { RedisConnections } from "./connection.ts";
import { connectionsTo } from "./places.ts";
import { safeOptions } from "./safe-options.ts";
import { ServerAbilities } from "./server-abilities.ts";
import { connectionsOf, type RedisSource } from "./source.ts";
import { readRedisUrl } from "./url.ts";

// Exported here because it is built on the same connections, which the package should bundle only once.
export { createChannel } from "./channel/channel.ts";
export { createKeyspaceChannel } from "./channel/keyspace-channel.ts";

/**
 * The options of {@link createRedisHandler}: the options that every handler has.
 *
 * @public
 */
export interface RedisHandlerOptions extends HandlerOptions {}

/** Creates the handler. The client is passed in, because `sessionwire/url` loads it only when a URL needs it. */
export function createHandler(
  Client: Client,
  source: RedisSource,
  options: RedisHandlerOptions,
): NetworkedSessionHandler & ListingSessionHandler {
  if (typeof source !== "string" && !(source instanceof URL)) {
    return createHandlerOn(options, Client, (making) => connectionsOf(source, making));
  }
  const { place, options: all } = readRedisUrl(String(source), options);
  return createHandlerOn(all, Client, (making) => connectionsTo(place, making));
}

function createHandlerOn(
  options: RedisHandlerOptions,
  Client: Client,
  connect: (making: Making) => RedisConnections,
): NetworkedSessionHandler & ListingSessionHandler {
  const { timeoutMs = 2000, clock = systemClock } = options;
  const abilities = new ServerAbilities();
  const connections = connect({ Client, safe: safeOptions(), timeoutMs, clock, abilities });
  return createGuardedHandler(createRedisBackend(connections, abilities), {
    ...options,
    name: "Redis",
    timeoutMs,
    clock,
  });
}
