import { createMemcachedHandler } from "sessionwire/memcached";
import type { NetworkedHarness } from "sessionwire/testing";
import { countOf } from "../../memcached/scene.ts";
import { startMemcached } from "../../servers/memcached-server.ts";

const changing = ["cmd_set", "cmd_touch", "delete_hits", "delete_misses"];

/** A Memcached server, and handlers on it. */
export function memcachedHarness(create = createMemcachedHandler): NetworkedHarness {
  return {
    async startServer() {
      const server = await startMemcached();
      return Object.assign(server, {
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
