import { compareHandshakes, handshakeColumns } from "./sockets/handshakes.ts";
import { compareMemory, memoryColumns } from "./sockets/idle.ts";
import { compareMessages, type MessagesEffort, type MessagesResult, messageColumns } from "./sockets/messages.ts";
import { startClients } from "./sockets/processes.ts";
import { runBench } from "./tools/bench.ts";
import { formatNumber } from "./tools/numbers.ts";

// The cost of sessions on sockets, and the updates they lose. Server and clients are separate processes; a socket has
// one message under way at a time, and sessions have 1 KB.
await runBench(async ({ redis, report, isQuick, pick }) => {
  const clients = await startClients();
  const counted: { readonly name: string; readonly results: readonly MessagesResult[] }[] = [];
  const [few, many, shared] = isQuick ? [8, 10, 2] : [100, 1000, 10];
  const onRedis = { rounds: pick(7, 1), messages: pick(5000, 50), redis };
  await benchMessages({ ...onRedis, wish: "read", sockets: few, sessions: few });
  await benchMessages({ ...onRedis, wish: "update", sockets: few, sessions: few });
  await benchMessages({ ...onRedis, wish: "update", sockets: many, sessions: many });
  await benchMessages({ ...onRedis, wish: "update", sockets: many, sessions: shared });
  await benchMessages({ ...onRedis, wish: "echo", sockets: few, sessions: few });
  report.add({
    id: "socket-commands",
    title: "Sockets: commands for each message",
    columns: ["floor", "express", "ours"],
    rows: counted.map(({ name, results }) => ({
      name,
      values: [results[0], results.find(({ variant }) => variant === "express-session"), results.at(-1)].map(
        (result) => result?.commands ?? null,
      ),
    })),
  });
  report.add({
    id: "socket-handshakes",
    title: `Sockets: handshakes, ${formatNumber(many)} sockets, 50 at a time`,
    columns: handshakeColumns,
    rows: await compareHandshakes(clients, many, pick(5, 1), redis),
  });
  await clients.end();
  const idle = pick(3000, 50);
  report.add({
    id: "socket-memory",
    title: `Sockets: memory of an idle socket, ${formatNumber(idle)} of a session each`,
    columns: memoryColumns,
    rows: await compareMemory(idle, redis.url),
  });

  async function benchMessages(effort: MessagesEffort): Promise<void> {
    const { wish, sockets, sessions } = effort;
    const rows = await compareMessages(clients, effort);
    const name = `${wish}, ${formatNumber(sockets)} sockets, ${formatNumber(sessions)} sessions`;
    const id = `socket-${wish}-${rolesOf(sockets, sessions)}`;
    report.add({ id, title: `Sockets: ${name}`, columns: messageColumns, rows });
    if (wish !== "echo") counted.push({ name, results: rows });
  }

  function rolesOf(sockets: number, sessions: number): string {
    if (sockets === few) return "100";
    return sessions === shared ? "shared" : "1000";
  }
});
