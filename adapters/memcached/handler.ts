import { type HandlerOptions, type NetworkedSessionHandler, systemClock } from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import { createMemcachedBackend } from "./backend.ts";
import { MemcachedConnections } from "./servers.ts";
import { type MemcachedSource, type Memjs, serversOf } from "./source.ts";
import { ItemDecoder, type MemcachedValueDecoder } from "./values.ts";

/** The default of every handler, in bytes. */
const DEFAULT_MAX_BYTES = 1_048_576;

/**
 * The options of {@link createMemcachedHandler}: those that every handler has, and how to read what other clients have
 * stored.
 *
 * @public
 */
export interface MemcachedHandlerOptions extends HandlerOptions {
  /**
   * Decodes values by their flags, for sessions that another client stores as well: `phpMemcachedValue` of
   * `sessionwire/symfony` for PHP. What this handler writes is stored as it is, with flags 0.
   *
   * @defaultValue values are taken as they are, whatever their flags
   */
  readonly decodeValue?: MemcachedValueDecoder | undefined;
}

/** Creates the handler. The client is passed in, because `sessionwire/url` loads it only when a URL needs it. */
export function createHandler(
  memjs: Memjs,
  source: MemcachedSource,
  options: MemcachedHandlerOptions,
): NetworkedSessionHandler {
  const { decodeValue, ...given } = options;
  if (decodeValue !== undefined && typeof decodeValue !== "function") {
    throw new TypeError("`decodeValue` must be a function.");
  }
  const { servers, options: all } = serversOf(memjs, source, given);
  const { timeoutMs = 2000, clock = systemClock, maxBytes = DEFAULT_MAX_BYTES } = all;
  const connections = new MemcachedConnections(servers, timeoutMs, clock);
  const backend = createMemcachedBackend(connections, clock, new ItemDecoder(decodeValue, maxBytes));
  return createGuardedHandler(backend, { ...all, name: "Memcached", timeoutMs, clock });
}
