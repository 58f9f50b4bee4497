// @module-tag real-time

import { expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { type Process, startProcess } from "../processes/processes.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { FOUND_OUT_MS } from "./redis.ts";
import type { Report } from "./sessions.child.ts";

const ROUNDS = 300;
const patient = { timeout: FOUND_OUT_MS };

test("a session that one process destroys is an event in the other at once, and none is missed (law 121)", async () => {
  await using server = await startRedis();
  using teller = start(server.url);
  using hearer = start(server.url);
  await connected(teller, hearer);
  const delays: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { hash, at } = await destroyIn(teller);
    await vi.waitUntil(() => hearer.heard.has(hash), { ...patient, interval: 1 });
    delays.push((hearer.heard.get(hash) ?? Infinity) - at);
  }
  const sorted = delays.toSorted((one, other) => one - other);
  const part = (share: number) => sorted[Math.floor(share * (ROUNDS - 1))] ?? Infinity;
  expect(part(0.99)).toBeLessThan(2500); // ten times what is promised
  console.info(
    `from destroy in one process to the event in the other: median ${part(0.5).toFixed(1)} ms, p99 ${part(0.99).toFixed(1)} ms`,
  );
  await expectEnd(teller, server);
});

test.each([
  ["silent", (proxy: Awaited<ReturnType<typeof startProxy>>) => proxy.silence()],
  ["cut", (proxy: Awaited<ReturnType<typeof startProxy>>) => proxy.resetAll()],
])("a process whose connections are %s hears of a gap, and of what ends afterwards (law 115)", async (_, trouble) => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  using teller = start(server.url);
  using hearer = start(server.url, proxy.url);
  await connected(teller, hearer);
  hearer.heard.delete("gap");
  trouble(proxy);
  const { hash } = await destroyIn(teller);
  await vi.waitUntil(() => hearer.heard.has(hash) || hearer.heard.has("gap"), patient);
  await vi.waitUntil(() => hearer.heard.has("gap"), patient);
  const later = await destroyIn(teller);
  await vi.waitUntil(() => hearer.heard.has(later.hash), patient);
});

test("the messages of a process that destroys a session and closes at once are heard (law 114)", async () => {
  await using server = await startRedis();
  using hearer = start(server.url);
  using other = start(server.url);
  await connected(other, hearer);
  using teller = start(server.url);
  const { hash } = await destroyIn(teller);
  teller.process.send("close");
  await vi.waitUntil(() => hearer.heard.has(hash), patient);
});

interface Observed extends Disposable {
  readonly process: Process;
  /** By what was heard, when. */
  readonly heard: Map<string, number>;
  readonly told: { readonly hash: string; readonly at: number }[];
}

function start(url: string, channelUrl = url): Observed {
  const script = new URL("./sessions.child.ts", import.meta.url);
  const process = startProcess(script, { REDIS_URL: url, CHANNEL_URL: channelUrl });
  const observed = { process, heard: new Map<string, number>(), told: [] as { hash: string; at: number }[] };
  const observe = async () => {
    for (;;) {
      const { told, heard, at } = await process.next<Report>();
      if (told !== undefined) observed.told.push({ hash: told, at });
      if (heard !== undefined) observed.heard.set(heard, at);
    }
  };
  observe().catch(() => {}); // it has ended
  return { ...observed, [Symbol.dispose]: () => process[Symbol.dispose]() };
}

async function destroyIn({ process, told }: Observed): Promise<{ readonly hash: string; readonly at: number }> {
  const { length } = told;
  process.send("destroy");
  return vi.waitUntil(() => told[length], { timeout: 30_000, interval: 1 });
}

async function connected(teller: Observed, hearer: Observed): Promise<void> {
  await vi.waitUntil(() => hearer.heard.has("gap"), { timeout: 30_000 });
  const { hash } = await destroyIn(teller);
  await vi.waitUntil(() => hearer.heard.has(hash), patient);
}

/** After the close, nothing keeps the process or its connections. */
async function expectEnd({ process }: Observed, server: RedisServer): Promise<void> {
  const connections = async () =>
    String(await server.command("client", "list"))
      .trim()
      .split("\n").length;
  const before = await connections();
  process.send("close");
  await vi.waitUntil(async () => (await connections()) <= before - 3, patient);
}
