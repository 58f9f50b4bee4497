import type { FaultProxy } from "../../faults/proxy.ts";
import type { RedisServer } from "../../servers/redis-server.ts";

/** Ends all connections every 50 ms: by the server, by a reset, or by a reset when some replies have been lost. */
export function disturb(server: RedisServer, proxy: FaultProxy): { end(): Promise<number> } {
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
      await pause(50);
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
