import { once } from "node:events";
import { WebSocket } from "ws";

// The browsers of bench/sockets.ts, in a process of their own, so that the server has one for itself.

/** What they are to do, and report the seconds of. */
export interface ClientsJob {
  readonly port: number;
  readonly origin: string;
  /** One for each session: the sockets take turns. */
  readonly cookies: readonly string[];
  readonly sockets: number;
  readonly wish: "update" | "read" | "echo";
  /** All sockets together; each has one under way at a time. */
  readonly messages: number;
}

export interface ClientsReport {
  readonly handshakeSeconds: number;
  readonly messageSeconds: number;
}

const openTogether = 50;
let sockets: WebSocket[] = [];

process.on("message", async (job: ClientsJob | "close" | "end") => {
  if (job === "end") process.exit();
  if (job === "close") {
    await Promise.all(sockets.map(close));
    sockets = [];
    process.send?.("closed");
    return;
  }
  let startedAt = performance.now();
  while (sockets.length < job.sockets) {
    const count = Math.min(openTogether, job.sockets - sockets.length);
    sockets.push(
      ...(await Promise.all(Array.from({ length: count }, (_, place) => open(job, sockets.length + place)))),
    );
  }
  const handshakeSeconds = (performance.now() - startedAt) / 1000;
  startedAt = performance.now();
  let left = job.messages;
  await Promise.all(
    sockets.map(async (socket) => {
      while (left > 0) {
        left -= 1;
        socket.send(job.wish);
        await once(socket, "message");
      }
    }),
  );
  const report: ClientsReport = { handshakeSeconds, messageSeconds: (performance.now() - startedAt) / 1000 };
  process.send?.(report);
});
process.send?.("ready");

async function open({ port, origin, cookies }: ClientsJob, place: number): Promise<WebSocket> {
  const cookie = cookies[place % cookies.length] ?? "";
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { headers: { origin, cookie }, perMessageDeflate: false });
  await once(socket, "open");
  return socket;
}

async function close(socket: WebSocket): Promise<void> {
  const closed = once(socket, "close");
  socket.close();
  await closed;
}
