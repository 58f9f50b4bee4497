import { once } from "node:events";
import { WebSocket } from "ws";
import { serveQuestions } from "../tools/children.ts";

// The browsers of bench/sockets.ts, in a process of their own, so that the server has one for itself.

export type Wish = "update" | "read" | "echo";

/** Where a server is, and the cookies with which it lets sockets in: one for each session. */
export interface ServerAddress {
  readonly port: number;
  readonly origin: string;
  readonly cookies: readonly string[];
}

/** What they are to do, one after the other; each is answered with the seconds that it took. */
export type ClientsJob =
  | { readonly type: "open"; readonly address: ServerAddress; readonly sockets: number }
  /** So many messages on all sockets together, of which each has one under way at a time. */
  | { readonly type: "send"; readonly wish: Wish; readonly messages: number }
  | { readonly type: "close" };

const openTogether = 50;
let sockets: WebSocket[] = [];
let isClosing = false;

serveQuestions("ready", async (job: ClientsJob) => {
  const startedAt = performance.now();
  if (job.type === "open") await openAll(job.address, job.sockets);
  else if (job.type === "send") await sendAll(job.wish, job.messages);
  else await closeAll();
  return (performance.now() - startedAt) / 1000;
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
      if (String(answer) !== wish) throw new Error("A message has got another answer than its own.");
    }
  };
  await Promise.all(sockets.map(sendNext));
}

async function closeAll(): Promise<void> {
  isClosing = true;
  const closed = sockets.map((socket) => once(socket, "close"));
  for (const socket of sockets) socket.close();
  await Promise.all(closed);
  sockets = [];
}

/** The sockets take turns with the sessions. One that is closed by the server ends the process, and with it the bench. */
async function open({ port, origin, cookies }: ServerAddress, place: number): Promise<WebSocket> {
  const cookie = cookies[place % cookies.length] ?? "";
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { headers: { origin, cookie }, perMessageDeflate: false });
  await once(socket, "open");
  socket.on("close", (code) => {
    if (!isClosing) throw new Error(`The server has closed a socket with ${code}.`);
  });
  return socket;
}
