import { type BenchProcess, startProcess } from "../tools/children.ts";
import { median, quantile } from "../tools/numbers.ts";
import type { Table } from "../tools/report.ts";
import type { RequestsJob, RequestsResult } from "./clients.child.ts";
import type { SiteAddress } from "./server.child.ts";

export interface Variant {
  readonly framework: string;
  readonly variant: string;
  readonly name: string;
}

export interface Effort {
  readonly rounds: number;
  /** Number of preceding rounds that do not count. */
  readonly warmUpRounds: number;
  readonly sliceMs: number;
  readonly sessions: number;
  readonly connections: number;
}

interface Server extends Variant {
  readonly process: BenchProcess<SiteAddress>;
}

interface Sample {
  readonly cpuMicroseconds: number;
  readonly perSecond: number;
}

/** A server with all its samples. */
interface MeasuredServer extends Variant {
  readonly cpu: readonly number[];
  readonly perSecond: readonly number[];
}

type Send = (job: RequestsJob) => Promise<RequestsResult>;

/** Returns tables of requests that read and of requests that change, measured in turn for all variants. */
export async function compareFramework(
  variants: readonly Variant[],
  redisUrl: string,
  send: Send,
  effort: Effort,
): Promise<Omit<Table, "title">[]> {
  const servers = await Promise.all(variants.map((variant) => startServer(variant, redisUrl, effort)));
  const tables = [
    await compareServers(servers, "read", send, effort),
    await compareServers(servers, "change", send, effort),
  ];
  await Promise.all(servers.map(({ process }) => process.end()));
  return tables;
}

async function compareServers(
  servers: readonly Server[],
  path: string,
  send: Send,
  effort: Effort,
): Promise<Omit<Table, "title">> {
  const samples = new Map<Server, Sample[]>(servers.map((server) => [server, []]));
  let changes = 0;
  for (let round = -effort.warmUpRounds; round < effort.rounds; round += 1) {
    for (const server of servers) {
      const { requests, ...sample } = await measure(server, path, send, effort);
      if (round >= 0) samples.get(server)?.push(sample);
      if (path === "change" && server.variant !== "bare") changes += requests;
    }
  }
  await expectChanges(servers, changes);
  const measured = servers.map((server) => ({ ...server, ...samplesOf(samples.get(server) ?? []) }));
  return { id: path, columns, rows: measured.map((server) => rowOf(server, measured)) };
}

const columns = ["CPU µs", "extra µs", "extra ×", "req/s", "req/s ×"];

/**
 * Returns a row. The extra is relative to the server of the same framework without sessions; its ratio is relative to
 * the first one with sessions.
 */
function rowOf(server: MeasuredServer, servers: readonly MeasuredServer[]) {
  const [floor, reference] = servers as [MeasuredServer, MeasuredServer]; // every question has one
  const extra = extraOf(server, servers);
  const ratios = server.perSecond.map((perSecond, round) => perSecond / (floor.perSecond[round] ?? Number.NaN));
  return {
    name: server.name,
    values: [
      quantile(server.cpu, 0.2),
      extra,
      extra === null ? null : extra / (extraOf(reference, servers) ?? Number.NaN),
      median(server.perSecond),
      median(ratios),
    ],
  };
}

function extraOf(server: MeasuredServer, servers: readonly MeasuredServer[]): number | null {
  if (server.variant === "bare") return null;
  const bare = servers.find(({ framework, variant }) => framework === server.framework && variant === "bare");
  return quantile(server.cpu, 0.2) - quantile(bare?.cpu ?? [], 0.2);
}

async function startServer(variant: Variant, redisUrl: string, { sessions }: Effort): Promise<Server> {
  const env = {
    FRAMEWORK: variant.framework,
    VARIANT: variant.variant,
    REDIS_URL: redisUrl,
    SESSIONS: String(sessions),
    NODE_ENV: "production",
  };
  const process = await startProcess<SiteAddress>(new URL("./server.child.ts", import.meta.url), env);
  return { ...variant, process };
}

async function measure(
  { process }: Server,
  path: string,
  send: Send,
  { sliceMs, connections }: Effort,
): Promise<Sample & { readonly requests: number }> {
  await process.ask("collect");
  const before = await process.cpu();
  const { requests, seconds } = await send({
    address: process.greeting,
    path: `/${path}`,
    connections,
    milliseconds: sliceMs,
  });
  const cpu = (await process.cpu()) - before;
  return { requests, cpuMicroseconds: cpu / requests, perSecond: requests / seconds };
}

function samplesOf(samples: readonly Sample[]) {
  return {
    cpu: samples.map(({ cpuMicroseconds }) => cpuMicroseconds),
    perSecond: samples.map(({ perSecond }) => perSecond),
  };
}

/** A row that does not do its work must not look fast: every acknowledged change must be stored. */
async function expectChanges(servers: readonly Server[], changes: number): Promise<void> {
  const totals = await Promise.all(servers.map(({ process }) => process.ask<number>("total")));
  const total = totals.reduce((all, one) => all + one, 0);
  if (total !== changes) throw new Error(`Of ${changes} changes that were answered, ${total} are stored.`);
}
