import fc from "fast-check";
import { createRedisChannel } from "sessionwire/redis";
import { expect, test, vi } from "vitest";
import { type FaultProxy, startProxy } from "../faults/proxy.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { hear, tell, untilHeard } from "./hearing.ts";
import { soon } from "./redis.ts";

/** `npm run chaos` runs for longer. */
const seconds = Number(process.env.CHAOS_SECONDS ?? 8);
const seed = Number(process.env.CHAOS_SEED ?? 1);

expectNoEscapes();

/** What happens to the connections of one process, or to the server. */
const troubles: Readonly<Record<string, (proxy: FaultProxy, server: RedisServer) => void>> = {
  silence: (proxy) => proxy.silence(),
  reset: (proxy) => proxy.resetAll(),
  end: (proxy) => proxy.finAll(),
  "lost replies": (proxy) => proxy.dropReplies(true),
  "lost requests": (proxy) => {
    proxy.requests.lost = true;
  },
  cut: (proxy) => {
    proxy.replies.cutAfterBytes = 500;
  },
  "no new connections": (proxy) => {
    proxy.resetAll();
    proxy.newConnections = "refuse";
  },
  "silent new connections": (proxy) => {
    proxy.silence();
    proxy.newConnections = "silent";
  },
  "dropped clients": (_, server) => void server.command("client", "kill", "type", "pubsub"),
  "a frozen server": (_, server) => {
    server.freeze();
    setTimeout(() => server.thaw(), 200);
  },
};

test(
  "three processes hear of everything, or of a gap after it, whatever happens to their connections (law 115)",
  async () => {
    await using server = await startRedis();
    await using first = await openProcess(server);
    await using second = await openProcess(server);
    await using third = await openProcess(server);
    const processes = [first, second, third];
    const all = async () => {
      for (const { channel } of processes) for (const { heard } of processes) await untilHeard(channel, heard);
    };
    await all();
    const told: { readonly hash: string; readonly after: readonly number[] }[] = [];
    const telling = setInterval(() => {
      for (const { channel } of processes) {
        told.push({ hash: tell(channel), after: processes.map(({ heard }) => heard.length) });
      }
    }, 5);
    const names = fc.sample(
      fc.tuple(fc.constantFrom(...Object.keys(troubles)), fc.nat(2), fc.integer({ min: 20, max: 700 })),
      {
        seed,
        numRuns: 10_000,
      },
    );
    const end = performance.now() + seconds * 1000;
    let faults = 0;
    for (const [name, index, ms] of names) {
      if (performance.now() > end) break;
      const { proxy } = processes[index] ?? first;
      troubles[name]?.(proxy, server);
      faults += 1;
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (ms % 3 > 0) proxy.heal(); // or the next one comes on top of it
    }
    clearInterval(telling);
    for (const { proxy } of processes) proxy.heal();
    await all();
    /** Of what was told, what was not heard by all, and of that, what was not followed by a gap either. */
    const judge = () => {
      const ears = processes.map(({ heard }) => ({ heard: new Set(heard), lastGap: heard.lastIndexOf("gap") }));
      const unheard = told.filter(({ hash }) => ears.some(({ heard }) => !heard.has(hash)));
      const missed = unheard.filter(({ hash, after }) =>
        ears.some(({ heard, lastGap }, index) => !heard.has(hash) && lastGap < (after[index] ?? 0)),
      );
      return { byGap: unheard.length - missed.length, missed: missed.length };
    };
    await vi.waitUntil(() => judge().missed === 0, { timeout: 10_000, interval: 200 }).catch(() => {});
    const { byGap, missed } = judge();
    console.info(
      `seed ${seed}, ${seconds} s: ${faults} faults, ${told.length} messages, ${byGap} made up for by a gap`,
    );
    expect(missed).toBe(0);
    expect(byGap).toBeGreaterThan(0); // otherwise nothing has been disturbed
  },
  (seconds + 120) * 1000,
);

/** A channel that reaches the server through a proxy of its own. */
async function openProcess(server: RedisServer) {
  const proxy = await startProxy(server);
  const channel = createRedisChannel(proxy.url, soon);
  return {
    proxy,
    channel,
    heard: hear(channel),
    async [Symbol.asyncDispose]() {
      await channel.close();
      await proxy.close();
    },
  };
}
