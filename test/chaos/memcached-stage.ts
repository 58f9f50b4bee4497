import { withConnectionCheck } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { startProxy } from "../faults/proxy.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { networkFaults } from "./network.ts";
import { limits, pause, type Stage } from "./stage.ts";

/** One server, which keeps nothing when it ends. */
export async function openMemcached(): Promise<Stage> {
  const server = await startMemcached();
  const proxy = await startProxy(server);
  const { replies } = proxy;
  const source = `127.0.0.1:${proxy.port}`;
  let losses = 0;
  return {
    open: () => withConnectionCheck(createMemcachedHandler(source, { timeoutMs: limits.timeoutMs }), limits.check),
    faults: {
      ...networkFaults(() => proxy),
      "a killed server": async () => {
        losses += 1;
        await server.kill();
        losses += 1;
        await server.restart();
      },
      "a frozen server": async () => {
        server.freeze();
        await pause(1000);
        server.thaw();
      },
      "replies cut in the middle": async () => {
        for (let times = 0; times < 3; times += 1) {
          replies.cutAfterBytes = 150;
          await pause(100);
        }
        replies.cutAfterBytes = Number.POSITIVE_INFINITY;
      },
      "replies that come in pieces": async () => {
        Object.assign(replies, { sliceBytes: 7, delayMs: 1 });
        await pause(500);
        Object.assign(replies, { sliceBytes: Number.POSITIVE_INFINITY, delayMs: 0 });
      },
    },
    get losses() {
      return losses;
    },
    connections: () => proxy.open,
    async stop() {
      await proxy.close();
      await server.stop();
    },
  };
}
