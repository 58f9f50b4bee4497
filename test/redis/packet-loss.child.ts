import { Redis } from "ioredis";
import { type SessionHandler, withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { dropEstablished } from "../faults/packet-loss.ts";
import { startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { create, textOf } from "./session-data.ts";
import { failureOf, isPendingAfter, timed } from "./settling.ts";

/** What the connections did from which every packet is lost, while new ones work. */
export interface PacketLossReport {
  readonly isBareClientPending: boolean;
  readonly handlerCode: string;
  readonly handlerMs: number;
  readonly answer: string | undefined;
  readonly checkedMs: number;
  readonly nextMs: number;
}

const idleMs = 220;
const limits = { everySeconds: 0.2, pingTimeoutMs: 150, reconnectTimeoutMs: 500 };

await using server = await startRedis();
const source = (name: string) => (options: object) => new Redis(server.url, { ...options, connectionName: name });
await using handler = createRedisHandler(source("handler"), { timeoutMs: 300 });
await using checked = withConnectionCheck(createRedisHandler(source("checked")), limits);
using bare = openBareRedis(server.url);
await bare.client("SETNAME", "bare");
const { id } = await create(handler);
await checked.read(id);

for (const name of ["bare", "handler", "checked"]) dropEstablished(server.port, await clientPort(name));
await new Promise((resolve) => setTimeout(resolve, idleMs));

const barePending = isPendingAfter(2000, bare.get(id));
const refused = await timed(failureOf(handler.read(id)));
const answered = await timed(read(checked));
const next = await timed(read(checked));
const report: PacketLossReport = {
  isBareClientPending: await barePending,
  handlerCode: refused.value.code,
  handlerMs: refused.ms,
  answer: answered.value,
  checkedMs: answered.ms,
  nextMs: next.ms,
};
console.log(JSON.stringify(report));

async function read(from: SessionHandler): Promise<string | undefined> {
  return textOf(await from.read(id));
}

async function clientPort(name: string): Promise<number> {
  const list = String(await server.command("client", "list"));
  return Number(new RegExp(` addr=\\S+:(\\d+) .* name=${name} `).exec(list)?.[1]);
}
