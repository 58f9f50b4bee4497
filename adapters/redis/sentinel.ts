import type { Redis, RedisOptions } from "ioredis";
import { type Clock, SessionError } from "sessionwire";
import { type CancellableTask, chain } from "./cancellable-task.ts";
import { ask, type Client, connectAndRun, discard, greetServer, type Making, type Opening } from "./client.ts";
import { raceStaggered } from "./race-staggered.ts";
import { type SafeOptions, safeOver } from "./safe-options.ts";
import { type Address, renaming } from "./topology.ts";

/** The way in which the master that sentinels watch is found and reached. */
interface SentinelSource {
  readonly Client: Client;
  /** The connection options for each sentinel. */
  readonly sentinels: readonly SafeOptions[];
  /** The name of the master. */
  readonly name: string;
  /** The connection options for the master. */
  readonly master: SafeOptions;
  rename(address: Address): Address;
}

/** Finds and opens the master that sentinels watch. */
export interface MasterFinder {
  open(): CancellableTask<Redis>;
  /** Rejects if the sentinels name another master than the server of this client. */
  isCurrent(client: Redis): CancellableTask<Redis>;
}

export function createMasterFinder(options: RedisOptions, making: Making): MasterFinder {
  const { Client, safe, timeoutMs, clock } = making;
  const source = sentinelSource(Client, options, safe);
  return {
    open: () => openMaster(source, making),
    isCurrent: (client) => expectCurrent(source, client, timeoutMs, clock),
  };
}

/** Reads the same options of a client as ioredis does. */
function sentinelSource(Client: Client, options: RedisOptions, safe: SafeOptions): SentinelSource {
  const { path: _socket, sentinels = [], name = "", natMap, enableTLSForSentinelMode, tls, ...own } = options;
  const { family, sentinelUsername: username, sentinelPassword: password, sentinelTLS } = own;
  return {
    Client,
    name,
    sentinels: sentinels.map(({ host = "127.0.0.1", port = 26_379, ...address }) =>
      safeOver({ family, username, password, tls: sentinelTLS, ...address }, { ...safe, db: 0, host, port }),
    ),
    master: safeOver({ ...own, ...(enableTLSForSentinelMode && tls && { tls }) }, safe),
    rename: renaming(natMap),
  };
}

/**
 * Opens a connection to the master that a sentinel names. The sentinels are asked each time, because the master may
 * have changed. A server that is not a master is refused, because sentinels may be outdated.
 * https://redis.io/docs/latest/develop/reference/sentinel-clients/
 */
function openMaster(source: SentinelSource, { timeoutMs, clock, abilities }: Opening): CancellableTask<Redis> {
  return chain(askSentinels(source, timeoutMs, clock), (address) => {
    const client = new source.Client({ ...source.master, ...address });
    const opening = connectAndRun(client, timeoutMs, clock, async () => {
      await greetServer(client, abilities);
      await expectMaster(client);
      return client;
    });
    return chain(opening, () => expectCurrent(source, client, timeoutMs, clock));
  });
}

/**
 * Asks the sentinels once more: a master that was frozen or cut off accepts writes when it comes back, and loses them
 * once it learns that it was replaced, which takes seconds. If no sentinel can be asked, the connection is kept.
 */
function expectCurrent(source: SentinelSource, client: Redis, timeoutMs: number, clock: Clock): CancellableTask<Redis> {
  const { host, port } = client.options;
  const asked = askSentinels(source, timeoutMs, clock);
  const result = asked.result.then(
    (named) => {
      if (named.host === host && named.port === port) return client;
      discard(client);
      throw new SessionError("unavailable", "The sentinels name another master now.");
    },
    () => client,
  );
  return { result, cancel: asked.cancel };
}

function askSentinels(source: SentinelSource, timeoutMs: number, clock: Clock): CancellableTask<Address> {
  const asks = source.sentinels.map((options) => () => askSentinel(source, options, timeoutMs, clock));
  return raceStaggered(asks, timeoutMs, clock);
}

function askSentinel(
  { Client, name, rename }: SentinelSource,
  options: SafeOptions,
  timeoutMs: number,
  clock: Clock,
): CancellableTask<Address> {
  const client = new Client(options);
  return ask(client, timeoutMs, clock, async () => {
    const reply = await client.call("sentinel", "get-master-addr-by-name", name);
    const [host, port] = Array.isArray(reply) ? reply : [];
    if (typeof host !== "string")
      throw new SessionError("unavailable", "The sentinel does not know a master of this name.");
    return rename({ host, port: Number(port) });
  });
}

async function expectMaster(client: Redis): Promise<void> {
  const role: unknown = await client.call("role");
  if (Array.isArray(role) && role[0] === "master") return;
  throw new SessionError("unavailable", "The server that the sentinel names is not a master.");
}
