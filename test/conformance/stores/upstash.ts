import { createUpstashHandler } from "sessionwire/upstash";
import { startUpstash, upstashToken } from "../../servers/upstash-server.ts";
import { openBareUpstash } from "../../upstash/scene.ts";
import type { ClearableHarness } from "./reused-servers.ts";
import type { NetworkedStore } from "./store.ts";

/** A server that speaks the REST protocol of Upstash, and handlers on it. */
export function upstashHarness(create = createUpstashHandler): ClearableHarness {
  return {
    async startServer() {
      const server = await startUpstash();
      return Object.assign(server, {
        clear: () => server.redis.command("FLUSHALL"),
        changes: () => server.commands.filter(isChange).length,
      });
    },
    create: (port, { secret = upstashToken, ...options }) =>
      create({ url: `http://127.0.0.1:${port}`, token: secret }, options),
    exceptions: {
      34: "`fetch` does not tell whether a request was sent",
      44: "`fetch` opens a connection for each request that finds all others busy",
      51: "`fetch` opens a connection for each request that finds all others busy",
      67: "no call waits for a connection of another: `fetch` has them",
      69: "`fetch` keeps its connections",
      70: "`fetch` keeps its connections",
    },
  };
}

export const upstash: NetworkedStore = {
  harness: upstashHarness(),
  openBare(port) {
    const client = openBareUpstash({ url: `http://127.0.0.1:${port}`, token: upstashToken });
    return {
      get: (key) => client.get(key),
      set: (key, value) => client.set(key, value),
      increment: (key) => client.incr(key),
      [Symbol.dispose]() {},
    };
  },
  bareCalls: {
    "its connection has died without a word": "hangs",
    "its new connection is accepted and never answered": "hangs",
    "the server stands still": "hangs",
  },
};

/** A script is asked for by its digest first, whatever comes then; a GETEX that touches says how long. */
function isChange([name, ...args]: readonly unknown[]): boolean {
  return name === "expire" || name === "del" || name === "evalsha" || (name === "getex" && args.length > 1);
}
