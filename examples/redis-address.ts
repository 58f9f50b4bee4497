import { isSessionError } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { explain, Mistake } from "./explain.ts";
import { type SilentProxy, startSilentProxy } from "./silent-proxy.ts";

const reachableWithinMs = 2000;

/** Returns the URL of a Redis server in `SESSION_STORE`, or `undefined` for `memory:`. */
export function readStoreAddress(address: string): URL | undefined {
  if (address === "memory:") return undefined;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === "redis:" && url.hostname !== "") return url;
  throw new Mistake(
    "SESSION_STORE names a store that this program does not know. It can be memory: (the default) or a URL of Redis or " +
      "Valkey, such as redis://localhost:6379.",
  );
}

/** Reports in one sentence that Redis does not answer, before anything depends on it. */
export async function checkReachable(url: URL): Promise<void> {
  await using handler = createRedisHandler(url.href, { timeoutMs: reachableWithinMs });
  try {
    await handler.ping();
  } catch (error) {
    if (!isSessionError(error)) throw error;
    throw new Mistake(`Redis at ${url.host} cannot be reached: ${explain(error)}`);
  }
}

/** Starts a proxy in front of the server, which can fall silent, and returns the URL that leads through it. */
export async function putProxyBefore(url: URL): Promise<{ readonly proxy: SilentProxy; readonly url: string }> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1"); // without the brackets around an IPv6 address in a URL
  const proxy = await startSilentProxy({ host, port: Number(url.port || 6379) });
  const proxied = new URL(url);
  proxied.host = `127.0.0.1:${proxy.port}`;
  return { proxy, url: proxied.href };
}
