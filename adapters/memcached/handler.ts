import { type HandlerOptions, type NetworkedSessionHandler, systemClock } from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import { createMemcachedBackend } from "./backend.ts";
import { MemcachedConnections } from "./servers.ts";
import { type MemcachedSource, type Memjs, serversOf } from "./source.ts";

/**
 * The options of {@link createMemcachedHandler}: the options that every handler has.
 *
 * @public
 */
export interface MemcachedHandlerOptions extends HandlerOptions {}

/** Creates the handler. The client is passed in, because `sessionwire/url` loads it only when a URL needs it. */
export function createHandler(
  memjs: Memjs,
  source: MemcachedSource,
  options: MemcachedHandlerOptions,
): NetworkedSessionHandler {
  const { servers, options: all } = serversOf(memjs, source, options);
  const { timeoutMs = 2000, clock = systemClock } = all;
  const connections = new MemcachedConnections(servers, timeoutMs, clock);
  const backend = createMemcachedBackend(connections, clock);
  return createGuardedHandler(backend, { ...all, name: "Memcached", timeoutMs, clock });
}
