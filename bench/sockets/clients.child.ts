import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { serveQuestions } from "../tools/children.ts";

// The browsers of bench/sockets.ts and bench/idle-sockets.ts, in a separate process, so that the server has its own.

export type Wish = "update" | "read" | "echo";

/** The address of a server, and the cookies with which it accepts sockets: one per session. */
export interface ServerAddress {
  readonly port: number;
  readonly origin: string;
  readonly cookies: readonly string[];
}

/**
 * The commands, executed one after the other; the answer to each is its duration in seconds and the number of refused
 * handshakes.
 */
export type ClientsJob =
  | { readonly type: "open"; readonly address: ServerAddress; readonly sockets: number }
  /** Sends this many messages on all sockets together, one at a time on each. */
  | { readonly type: "send"; readonly wish: Wish; readonly messages: number }
  /** Disconnects all sockets at once, and reconnects all of them at once. */
  | { readonly type: "storm"; readonly address: ServerAddress }
  | { readonly type: "close" };

export interface ClientsReport {
  readonly seconds: number;
  readonly refused: number;
}

const openTogether = 50;
/** The pause after a refusal, in ms. */
const PAUSE_MS = 100;
let sockets: WebSocket[] = [];
let isClosing = false;
let refused = 0;

serveQuestions("ready", async (job: ClientsJob) => {
  const startedAt = performance.now();
  refused = 0;
  if (job.type === "open") await openAll(job.address, job.sockets);
  else if (job.type === "send") await sendAll(job.wish, job.messages);
  else if (job.type === "storm") await comeAgain(job.address);
  else await closeAll();
  return { seconds: (performance.now() - startedAt) / 1000, refused } satisfies ClientsReport;
});

async function openAll(address: ServerAddress, count: number): Promise<void> {
  isClosing = false;
  let begun = 0;
  const openNext = async () => {
    while (begun < count) {
      begun += 1;
      sockets.push(await open(address, begun));
    }
  };
  await Promise.all(Array.from({ length: openTogether }, openNext));
}

async function sendAll(wish: Wish, messages: number): Promise<void> {
  let left = messages;
  const sendNext = async (socket: WebSocket) => {
    while (left > 0) {
      left -= 1;
      socket.send(wish);
      const [answer] = await once(socket, "message");
      if (String(answer) !== wish) throw new Error("A message has received the answer to another one.");
    }
  };
  await Promise.all(sockets.map(sendNext));
}

async function comeAgain(address: ServerAddress): Promise<void> {
  isClosing = true;
  for (const socket of sockets) socket.terminate();
  const opening = sockets.map((_, place) => openAtLast(address, place + 1));
  sockets = await Promise.all(opening);
  isClosing = false;
}

async function openAtLast(address: ServerAddress, place: number): Promise<WebSocket> {
  for (;;) {
    try {
      return await open(address, place);
    } catch {
      refused += 1;
      await sleep(PAUSE_MS);
    }
  }
}

async function closeAll(): Promise<void> {
  isClosing = true;
  const closed = sockets.map((socket) => once(socket, "close"));
  for (const socket of sockets) socket.close();
  await Promise.all(closed);
  sockets = [];
}

/** Opens sockets for the sessions in turn. A socket closed by the server ends the process, and with it the bench. */
async function open({ port, origin, cookies }: ServerAddress, place: number): Promise<WebSocket> {
  const cookie = cookies[place % cookies.length] ?? "";
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { headers: { origin, cookie }, perMessageDeflate: false });
  await once(socket, "open");
  socket.on("close", (code) => {
    if (!isClosing) throw new Error(`The server has closed a socket with ${code}.`);
  });
  return socket;
}
