import type { RedisServer } from "../servers/redis-server.ts";
import type { FaultProxy } from "./proxy.ts";

/** Ends all connections so often: by the server, by a reset, or by a reset when some replies have been lost. */
export function disturb(server: RedisServer, proxy: FaultProxy, everyMs: number): { end(): Promise<number> } {
  let isOver = false;
  const kinds = [
    () => server.command("client", "kill", "type", "normal"),
    async () => proxy.resetAll(),
    async () => {
      proxy.dropReplies(true);
      await pause(10);
      proxy.dropReplies(false);
      proxy.resetAll();
    },
  ];

  async function run(): Promise<number> {
    for (let times = 0; ; times++) {
      await pause(everyMs);
      if (isOver) return times;
      await kinds[times % kinds.length]?.();
    }
  }

  const running = run();
  return {
    end() {
      isOver = true;
      return running;
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
