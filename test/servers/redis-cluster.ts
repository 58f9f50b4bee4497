import { vi } from "vitest";
import type { Certificate } from "./certificate.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

export interface RedisClusterOptions {
  /** After so long without a word a server is taken for dead, and succeeded. @defaultValue 1500 */
  readonly nodeTimeoutMs?: number;
  /** Whether the slots that have a master are served while others have none. @defaultValue false, as with Redis itself */
  readonly servesInPart?: boolean;
  /** Lets all of them speak TLS, with each other nothing else. */
  readonly tls?: Certificate;
}

/** A Redis Cluster of 3 masters with a replica each. */
export interface RedisCluster extends AsyncDisposable {
  readonly servers: readonly RedisServer[];
  readonly startupNodes: { readonly host: string; readonly port: number }[];
  /** The server that has a key, as those that live say; all but `besides` are asked. */
  masterOf(key: string, besides?: RedisServer): Promise<RedisServer>;
  /** Waits until another server than `former` has the key, and takes writes. */
  successorOf(former: RedisServer, key: string): Promise<RedisServer>;
  /** Moves a slot, without waiting for its keys to be few; `midway` runs when the target has them and the source has the slot. */
  migrate(key: string, from: RedisServer, to: RedisServer, midway?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

const host = "127.0.0.1";
const SLOTS = 16_384;
const MASTERS = 3;
/** What a busy machine may need for what takes a good second. */
const patient = { timeout: 30_000, interval: 25 };

/** Starts six servers and makes a Cluster of them, without the waiting of `redis-cli --cluster create`. */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const { nodeTimeoutMs = 1500, servesInPart = false, tls } = options;
  const args = ["--cluster-enabled", "yes", "--cluster-node-timeout", String(nodeTimeoutMs)];
  args.push("--cluster-require-full-coverage", servesInPart ? "no" : "yes", "--repl-diskless-sync-delay", "0");
  if (tls) args.push("--tls-cluster", "yes", "--tls-replication", "yes");
  // The port of the bus is 10,000 above, and has to be one that is not given to outgoing connections either.
  const starting = Array.from({ length: 2 * MASTERS }, () => startRedis({ args, highestPort: 22_700, tls }));
  const servers = await Promise.all(starting);
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    await form(servers);
  } catch (error) {
    await stop();
    throw error;
  }

  const cluster: RedisCluster = {
    servers,
    startupNodes: servers.map(({ port }) => ({ host, port })),
    masterOf: (key, besides) =>
      Promise.any(servers.filter((server) => server !== besides).map((server) => ownerOf(servers, server, key))),
    async successorOf(former, key) {
      return vi.waitUntil(async () => {
        const owner = await cluster.masterOf(key, former).catch(() => former);
        return owner !== former && (await takesWrites(owner)) && owner;
      }, patient);
    },
    async migrate(key, from, to, midway) {
      const slot = String(await from.command("cluster", "keyslot", key));
      const [source, target] = await Promise.all([idOf(from), idOf(to)]);
      await Promise.all([knowsAsMaster(to, source), knowsAsMaster(from, target)]);
      await to.command("cluster", "setslot", slot, "importing", source);
      await from.command("cluster", "setslot", slot, "migrating", target);
      const keys = (await from.command("cluster", "getkeysinslot", slot, "100")) as string[]; // as Redis documents it
      if (keys.length > 0) await from.command("migrate", host, String(to.peerPort), "", "0", "5000", "keys", ...keys);
      await midway?.();
      for (const server of [to, from]) await server.command("cluster", "setslot", slot, "node", target);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
  return cluster;
}

async function form(servers: readonly RedisServer[]): Promise<void> {
  const masters = servers.slice(0, MASTERS);
  for (const [index, master] of masters.entries()) {
    const [first, last] = [index, index + 1].map((part) => Math.floor((part * SLOTS) / MASTERS));
    await master.command("cluster", "addslotsrange", String(first), String((last ?? 0) - 1));
    await master.command("cluster", "set-config-epoch", String(index + 1));
  }
  // Everybody meets everybody, so that nobody has to wait for gossip.
  await Promise.all(servers.map((server) => meetAll(server, servers)));
  const ids = await Promise.all(masters.map(idOf));
  await Promise.all(
    servers.map((server) => waitFor(server, "nodes", (nodes) => ids.every((id) => nodes.includes(id)))),
  );
  await Promise.all(servers.slice(MASTERS).map((replica, index) => replicate(replica, ids[index] ?? "")));
  await Promise.all(
    servers.map((server) => waitFor(server, "nodes", (nodes) => nodes.split("slave ").length === MASTERS + 1)),
  );
  await Promise.all(servers.map((server) => waitFor(server, "info", (info) => info.includes("cluster_state:ok"))));
  await Promise.all(servers.slice(MASTERS).map(isInSync));
}

async function meetAll(server: RedisServer, servers: readonly RedisServer[]): Promise<void> {
  for (const other of servers) {
    if (other !== server) await server.command("cluster", "meet", host, String(other.peerPort));
  }
}

/** A server that does not yet know its master as one refuses for a moment. */
async function replicate(replica: RedisServer, masterId: string): Promise<void> {
  await vi.waitUntil(() => replica.command("cluster", "replicate", masterId).catch(() => false), patient);
}

/** Who has just succeeded another one is a replica for a while in the eyes of the rest, and gets no slot from them. */
async function knowsAsMaster(server: RedisServer, id: string): Promise<void> {
  await waitFor(server, "nodes", (nodes) =>
    nodes.split("\n").some((line) => line.startsWith(id) && line.includes("master")),
  );
}

async function isInSync(replica: RedisServer): Promise<void> {
  const isUp = async () => String(await replica.command("info", "replication")).includes("master_link_status:up");
  await vi.waitUntil(isUp, patient);
}

async function waitFor(server: RedisServer, what: string, isGood: (text: string) => boolean): Promise<void> {
  await vi.waitUntil(async () => isGood(String(await server.command("cluster", what))), patient);
}

async function idOf(server: RedisServer): Promise<string> {
  return String(await server.command("cluster", "myid"));
}

/** The one that has the slot of a key, as the server `asked` knows. */
async function ownerOf(servers: readonly RedisServer[], asked: RedisServer, key: string): Promise<RedisServer> {
  const slot = Number(await asked.command("cluster", "keyslot", key));
  const ranges = (await asked.command("cluster", "slots")) as [number, number, [string, number]][]; // as Redis documents it
  const [, , [, port] = []] = ranges.find(([first, last]) => first <= slot && slot <= last) ?? [];
  const owner = servers.find((server) => server.port === port);
  if (!owner) throw new Error("Nobody has the slot.");
  return owner;
}

async function takesWrites(server: RedisServer): Promise<boolean> {
  const info = String(await server.command("cluster", "info").catch(() => ""));
  return info.includes("cluster_state:ok");
}
