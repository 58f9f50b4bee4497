import type { Client, Making } from "../client.ts";
import type { RedisConnections } from "../connection.ts";
import { connectionsTo } from "../places.ts";
import { safeOptions } from "../safe-options.ts";
import { ServerAbilities } from "../server-abilities.ts";
import { connectionsOf, type RedisSource } from "../source.ts";
import { readRedisUrl } from "../url.ts";
import type { Checks } from "./options.ts";

/**
 * Creates separate connections to the same target as a handler with this source. None is opened before it is needed.
 */
export function connectionsFor(
  Client: Client,
  source: RedisSource,
  { reconnectTimeoutMs, clock }: Checks,
): RedisConnections {
  const making: Making = {
    Client,
    safe: safeOptions(),
    timeoutMs: reconnectTimeoutMs,
    clock,
    abilities: new ServerAbilities(),
  };
  if (typeof source !== "string" && !(source instanceof URL)) return connectionsOf(source, making);
  return connectionsTo(readRedisUrl(String(source), {}).place, making);
}
