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

const disturbance = fc.record({
  name: fc.constantFrom(...Object.keys(troubles)),
  index: fc.nat(2),
  ms: fc.integer({ min: 20, max: 700 }),
});

type Process = Awaited<ReturnType<typeof openProcess>>;

/** A message, and for each process what it had heard when that was told. */
interface Told {
  readonly hash: string;
  readonly after: readonly number[];
}

test(
  "three processes hear every message, or a gap after it, whatever happens to their connections (law 115)",
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
    const rounds = fc.sample(fc.array(disturbance, { minLength: 1, maxLength: 3 }), { seed, numRuns: 10_000 });
    const end = performance.now() + seconds * 1000;
    const sum = { faults: 0, told: 0, byGap: 0 };
    for (const round of rounds) {
      if (performance.now() > end) break;
      for (const { heard } of processes) heard.length = 0; // a gap makes up for nothing that comes later
      const told = await tellDuring(processes, async () => {
        for (const { name, index, ms } of round) {
          troubles[name]?.((processes[index] ?? first).proxy, server);
          await new Promise((resolve) => setTimeout(resolve, ms));
        }
      });
      for (const { proxy } of processes) proxy.heal();
      await all();
      await vi.waitUntil(() => judge(processes, told).missed === 0, { timeout: 10_000 }).catch(() => {});
      const { byGap, missed } = judge(processes, told);
      expect({ round, missed }).toEqual({ round, missed: 0 });
      sum.faults += round.length;
      sum.told += told.length;
      sum.byGap += byGap;
    }
    const { faults, told, byGap } = sum;
    console.info(`seed ${seed}, ${seconds} s: ${faults} faults, ${told} messages, ${byGap} made up for by a gap`);
    expect(byGap).toBeGreaterThan(0); // otherwise nothing has been disturbed
  },
  (seconds + 120) * 1000,
);

/** Tells something on each channel every few milliseconds, until that has ended. */
async function tellDuring(processes: readonly Process[], trouble: () => Promise<void>): Promise<Told[]> {
  const told: Told[] = [];
  const telling = setInterval(() => {
    for (const { channel } of processes) {
      told.push({ hash: tell(channel), after: processes.map(({ heard }) => heard.length) });
    }
  }, 5);
  await trouble();
  clearInterval(telling);
  return told;
}

/** Of what was told, how much was not heard by all, and of that, how much was not followed by a gap either. */
function judge(processes: readonly Process[], told: readonly Told[]): { byGap: number; missed: number } {
  const ears = processes.map(({ heard }) => ({ heard: new Set(heard), lastGap: heard.lastIndexOf("gap") }));
  const unheard = told.filter(({ hash }) => ears.some(({ heard }) => !heard.has(hash)));
  const missed = unheard.filter(({ hash, after }) =>
    ears.some(({ heard, lastGap }, index) => !heard.has(hash) && lastGap < (after[index] ?? 0)),
  );
  return { byGap: unheard.length - missed.length, missed: missed.length };
}

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
