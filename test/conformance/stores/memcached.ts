import { createMemcachedHandler } from "sessionwire/memcached";
import { openBareMemjs } from "../../memcached/bare-memjs.ts";
import { countOf } from "../../memcached/scene.ts";
import { startMemcached } from "../../servers/memcached-server.ts";
import type { ClearableHarness } from "./reused-servers.ts";
import type { NetworkedStore } from "./store.ts";

const changing = ["cmd_set", "cmd_touch", "delete_hits", "delete_misses"];

/** A Memcached server, and handlers on it. */
export function memcachedHarness(create = createMemcachedHandler): ClearableHarness {
  return {
    async startServer() {
      const server = await startMemcached();
      return Object.assign(server, {
        clear: () => server.command("flush_all"),
        async changes() {
          const counts = await Promise.all(changing.map((name) => countOf(server, name)));
          return counts.reduce((sum, each) => sum + each, 0);
        },
      });
    },
    create(port, { secret, ...options }) {
      const login = secret === undefined ? "" : `memcached://user:${secret}@`;
      return create(`${login}127.0.0.1:${port}`, options);
    },
  };
}

export const memcached: NetworkedStore = {
  harness: memcachedHarness(),
  openBare(port, timeoutMs) {
    const limits = timeoutMs === undefined ? {} : { timeout: timeoutMs / 1000, retries: 0 };
    const client = openBareMemjs(`127.0.0.1:${port}`, { retry_delay: 0.1, ...limits });
    return {
      get: async (key) => (await client.get(key)).value?.toString(),
      set: (key, value) => client.set(key, value, {}),
      increment: async (key) => (await client.increment(key, 1, {})).value,
      close: () => client.close(),
      [Symbol.dispose]: client[Symbol.dispose],
    };
  },
  bareCalls: {
    "its connection has died without a word": "is held up",
    "its connection is closed with a request under way": "hangs",
    "it is closed with a request under way": "hangs",
  },
};
