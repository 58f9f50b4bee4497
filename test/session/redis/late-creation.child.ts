import { Redis } from "ioredis";
import { createSessionManager, expressFormat, isSessionError, withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { dropEstablished, loseNoMore } from "../../faults/packet-loss.ts";
import { createCertificate } from "../../servers/certificate.ts";
import { startRedis } from "../../servers/redis-server.ts";
import type { Counts } from "./writers.ts";

// Creates a session while every packet of the connection is lost, and destroys it over another one. Then the packets pass again:
// what the system still keeps of the lost ones arrives late.

export interface LateCreationReport {
  /** The outcome of the creation. */
  readonly outcome: string | undefined;
  /** Whether the session was there when its destruction had resolved, and when all packets had arrived. */
  readonly isThereAfterwards: boolean;
  readonly isThereInTheEnd: boolean;
  /** Whether what the bare client sent before it was ended, and its caller left, has been executed for all that. */
  readonly isBareExecuted: boolean;
}

const id = "chosen-elsewhere";
const key = `sess:${id}`;
using certificate = process.env.TLS ? await createCertificate() : undefined;
await using server = await startRedis({ tls: certificate });
const port = server.peerPort;
const address = { host: "127.0.0.1", port, tls: certificate && { ca: certificate.cert } };
const source = (options: object) => new Redis({ ...options, ...address, connectionName: "handler" });
const limits = { pingTimeoutMs: 150, reconnectTimeoutMs: 500 };
const handler = withConnectionCheck(createRedisHandler(source, { timeoutMs: 300 }), limits);
await using sessions = createSessionManager<Counts>({ handler, format: expressFormat() });
const first = await sessions.create(); // connects, and the server gets to know the scripts
first.set("n", 1);
await first.save();
const bare = new Redis(address);
bare.on("error", () => {});
await bare.client("SETNAME", "bare");

for (const name of ["handler", "bare"]) dropEstablished(port, await clientPort(name));
bare.set("bare", "late").catch(() => {});
const session = await sessions.create({ id });
session.set("n", 1);
const outcome = await session.save().then(
  () => "saved",
  (error: unknown) => (isSessionError(error) ? error.outcome : String(error)),
);
bare.disconnect();
await sessions.destroy(id);
const isThereAfterwards = (await server.command("exists", key)) === 1;
loseNoMore();
// What was closed is sent again until it has arrived. A connection that was reset may leave its other end open for long.
const deadline = performance.now() + 5000;
while ((await connectionsOf("bare")) > 0) await pause(50);
while ((await connectionsOf("handler")) > 1 && performance.now() < deadline) await pause(50);
const report: LateCreationReport = {
  outcome,
  isThereAfterwards,
  isThereInTheEnd: (await sessions.open(id)) !== undefined,
  isBareExecuted: (await server.command("exists", "bare")) === 1,
};
console.log(JSON.stringify(report));

async function clientPort(name: string): Promise<number> {
  return Number(new RegExp(` addr=\\S+:(\\d+) .* name=${name} `).exec(await clients())?.[1]);
}

async function connectionsOf(name: string): Promise<number> {
  return (await clients()).split(` name=${name} `).length - 1;
}

async function clients(): Promise<string> {
  return String(await server.command("client", "list"));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
