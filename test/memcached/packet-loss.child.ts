import { subscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { withConnectionCheck } from "sessionwire";
import { dropEstablished, loseNoMore } from "../faults/packet-loss.ts";
import { bytes, create, textOf } from "../redis/session-data.ts";
import { failureOf, timed } from "../redis/settling.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";

// Creates a session while every packet of the connection is lost, and destroys it over another one. Then the packets pass again:
// what the system still keeps of the lost ones arrives late.

/** What came of it; beside it, the same with the bare client. */
export interface PacketLossReport {
  readonly creation: { readonly code: string; readonly outcome: string | undefined; readonly ms: number };
  /** Reading through a connection check. */
  readonly answer: string | undefined;
  readonly checkedMs: number;
  /** Whether the session was there when its destruction had resolved, and when all packets had arrived. */
  readonly isThereAfterwards: boolean;
  readonly isThereInTheEnd: boolean;
  readonly isBareThereAfterwards: boolean;
  readonly isBareThereInTheEnd: boolean;
}

const timeoutMs = 300;
const limits = { everySeconds: 0.2, pingTimeoutMs: 150, reconnectTimeoutMs: 500 };
const { createMemcachedHandler }: typeof import("sessionwire/memcached") = await import(
  process.env.ADAPTER ?? "sessionwire/memcached"
);

const sockets: Socket[] = [];
subscribe("net.client.socket", (message) => sockets.push((message as { socket: Socket }).socket));

await using server = await startMemcached();
await using handler = createMemcachedHandler(server.address, { timeoutMs });
await using checked = withConnectionCheck(createMemcachedHandler(server.address, { timeoutMs }), limits);
using bare = openBareMemjs(server.address);
const port = await portOf(() => handler.ping());
const checkedPort = await portOf(() => checked.read("a"));
const barePort = await portOf(() => bare.get("a"));
for (const each of [port, checkedPort, barePort]) dropEstablished(server.port, each);

const bareSet = bare.set("bare", "late", {}); // is tried again over a new connection, and succeeds
const creation = await timed(failureOf(handler.write("late", bytes("late"), { replaces: undefined, ttlSeconds: 60 })));
await bareSet;
await bare.delete("bare");
await handler.reconnect();
await handler.destroy("late");
const { id } = await create(handler);
const answered = await timed(checked.read(id));
const [isThereAfterwards, isBareThereAfterwards] = await Promise.all([isThere("late"), isThere("bare")]);
loseNoMore();
// What was closed is sent again until it has arrived; what was reset has left nothing.
while ([port, barePort].some(isKept) || (await isServed(barePort))) await pause(20);
const report: PacketLossReport = {
  creation: { code: creation.value.code, outcome: creation.value.outcome, ms: creation.ms },
  answer: textOf(answered.value),
  checkedMs: answered.ms,
  isThereAfterwards,
  isThereInTheEnd: await isThere("late"),
  isBareThereAfterwards,
  isBareThereInTheEnd: await isThere("bare"),
};
console.log(JSON.stringify(report));

async function isThere(key: string): Promise<boolean> {
  return (await server.command(`get ${key}`)).length > 1;
}

/** The client's port of the connection that something opens. */
async function portOf(open: () => Promise<unknown>): Promise<number> {
  const before = sockets.length;
  await open();
  return sockets[before]?.localPort ?? 0;
}

async function isServed(port: number): Promise<boolean> {
  return (await server.command("stats conns")).some((line) => line.endsWith(`:${port}`));
}

/** Whether the system still has the clients' end of a connection, and something to do for it. https://docs.kernel.org/networking/proc_net_tcp.html */
function isKept(port: number): boolean {
  const [, ...sockets] = readFileSync("/proc/net/tcp", "latin1").trim().split("\n");
  const [timeWait, closed] = ["06", "07"];
  return sockets.some((line) => {
    const [, local = "", , state = ""] = line.trim().split(/\s+/);
    return Number.parseInt(local.split(":")[1] ?? "", 16) === port && state !== timeWait && state !== closed;
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
