import { vi } from "vitest";
import type { Certificate } from "./certificate.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

/** A master with two replicas, watched by three sentinels. */
export interface RedisSentinels extends AsyncDisposable {
  /** What the sentinels call the master. */
  readonly name: string;
  readonly servers: readonly RedisServer[];
  readonly sentinels: readonly RedisServer[];
  /** For a client: `new Redis({ sentinels: addresses, name })`. */
  readonly addresses: { readonly host: string; readonly port: number }[];
  /** The master, as the sentinels say. */
  master(): Promise<RedisServer>;
  /** Waits until another server than `former` is the master that the sentinels name. */
  successorOf(former: RedisServer): Promise<RedisServer>;
  /** Has the sentinels make another one the master while `former` is well, as an administrator may, and waits for it. */
  handOver(former: RedisServer): Promise<RedisServer>;
  stop(): Promise<void>;
}

const host = "127.0.0.1";
const name = "sessions";
/**
 * What a busy machine may need for what takes a good second. A sentinel that was held up for two does nothing for half a minute.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#tilt-mode
 */
const patient = { timeout: 60_000, interval: 25 };
/** More than a failover has before the sentinels give it up. Nobody begins one anew that was asked for. */
const ASK_AGAIN_MS = 5000;

export interface RedisSentinelsOptions {
  /** Arguments of the servers. */
  readonly args?: readonly string[];
  /** Lets all of them speak nothing but TLS with each other, and lead their clients to where it is spoken. */
  readonly tls?: Certificate;
}

export async function startRedisSentinels(options: RedisSentinelsOptions = {}): Promise<RedisSentinels> {
  const { tls } = options;
  const speaking = tls ? ["--tls-replication", "yes"] : [];
  // Without a delay: otherwise a replica may be promoted before it has anything.
  const args = ["--repl-diskless-sync-delay", "0", ...speaking, ...(options.args ?? [])];
  // In files, in which the sentinels write down who follows whom: a server that is started again must not follow an old master.
  const first = await startRedis({ tls, args, configuration: "# The first master follows nobody.\n" });
  const configuration = `replicaof ${host} ${first.peerPort}\n`;
  const replicas = await Promise.all([0, 1].map(() => startRedis({ tls, args, configuration })));
  const servers = [first, ...replicas];
  const ofSentinel = [
    `sentinel monitor ${name} ${host} ${first.peerPort} 2`,
    // More than the second between two pings: a successor that has not been pinged yet would be succeeded for that.
    `sentinel down-after-milliseconds ${name} 1500`,
    `sentinel failover-timeout ${name} 3000`,
    `sentinel parallel-syncs ${name} 2`,
    "",
  ].join("\n");
  const sentinels = await Promise.all(
    [0, 1, 2].map(() => startRedis({ tls, configuration: ofSentinel, args: ["--sentinel", ...speaking] })),
  );
  const stop = async () => {
    await Promise.all([...sentinels, ...servers].map((server) => server.stop()));
  };
  try {
    await Promise.all(sentinels.map(knowsAll));
  } catch (error) {
    await stop();
    throw error;
  }

  const group: RedisSentinels = {
    name,
    servers,
    sentinels,
    addresses: sentinels.map((sentinel) => ({ host, port: sentinel.peerPort })),
    master: () => Promise.any(sentinels.map((sentinel) => masterBy(sentinel, servers))),
    successorOf: (former) => vi.waitUntil(() => successor(former), patient),
    handOver(former) {
      let askedAt = Number.NEGATIVE_INFINITY;
      return vi.waitUntil(async () => {
        const master = await successor(former);
        if (!master && performance.now() - askedAt > ASK_AGAIN_MS) {
          askedAt = performance.now();
          await askForFailover(former);
        }
        return master;
      }, patient);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
  return group;

  /** Another master than that one, which all sentinels name. */
  async function successor(former: RedisServer): Promise<RedisServer | undefined> {
    const named = await Promise.all(sentinels.map((sentinel) => masterBy(sentinel, servers)));
    const [master] = named;
    const isOne = master !== former && named.every((each) => each === master) && (await isMaster(master));
    return isOne ? master : undefined;
  }

  async function askForFailover(former: RedisServer): Promise<void> {
    const [sentinel] = sentinels;
    if (!sentinel || (await masterBy(sentinel, servers)) !== former) return; // it has happened, and others are to hear of it
    try {
      await sentinel.command("sentinel", "failover", name);
    } catch (error) {
      if (!/^(INPROG|NOGOODSLAVE)/.test(error instanceof Error ? error.message : "")) throw error;
    }
  }
}

/** Whether a sentinel has found the two other sentinels, and the replicas, which have their copy. */
async function knowsAll(sentinel: RedisServer): Promise<void> {
  await vi.waitUntil(async () => {
    const found = await Promise.all(["sentinels", "replicas"].map((what) => sentinel.command("sentinel", what, name)));
    const [others, replicas] = found as [unknown[], unknown[]]; // as Redis documents it
    const inSync = replicas.filter((replica) => String(replica).includes("master-link-status,ok"));
    return others.length === 2 && inSync.length === 2;
  }, patient);
}

async function masterBy(sentinel: RedisServer, servers: readonly RedisServer[]): Promise<RedisServer> {
  const [, port] = (await sentinel.command("sentinel", "get-master-addr-by-name", name)) as string[]; // as documented
  const master = servers.find((server) => server.peerPort === Number(port));
  if (!master) throw new Error("The sentinel names a server of somebody else.");
  return master;
}

async function isMaster(server: RedisServer | undefined): Promise<boolean> {
  const role = await server?.command("role").catch(() => undefined);
  return Array.isArray(role) && role[0] === "master";
}
