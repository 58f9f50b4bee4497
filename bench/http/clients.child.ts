import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { serveQuestions } from "../tools/children.ts";
import { Rotation } from "../tools/rotation.ts";
import type { SiteAddress } from "./server.child.ts";

// The browsers of bench/http.ts, in a separate process. They keep their connections, with one request under way on
// each.

export interface RequestsJob {
  readonly address: SiteAddress;
  readonly path: string;
  readonly connections: number;
  readonly milliseconds: number;
}

export interface RequestsResult {
  readonly requests: number;
  readonly seconds: number;
}

const sockets = new Map<number, Promise<Socket[]>>();
const rotations = new Map<number, Rotation<string>>();

serveQuestions("ready", async (job: RequestsJob): Promise<RequestsResult> => {
  const { port, cookies } = job.address;
  if (!sockets.has(port)) sockets.set(port, openAll(port, job.connections));
  const rotation = rotations.get(port) ?? new Rotation(cookies);
  rotations.set(port, rotation);
  const open = await sockets.get(port);
  let requests = 0;
  const startedAt = performance.now();
  const browse = async (socket: Socket) => {
    while (performance.now() < startedAt + job.milliseconds) {
      requests += 1;
      await request(socket, job.path, rotation.next());
    }
  };
  await Promise.all((open ?? []).map(browse));
  return { requests, seconds: (performance.now() - startedAt) / 1000 };
});

function openAll(port: number, count: number): Promise<Socket[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(port, "127.0.0.1").setNoDelay().setEncoding("latin1");
      await once(socket, "connect");
      socket.once("close", () => forget(port));
      return socket;
    }),
  );
}

/** The server has ended, and another one may get its port. */
function forget(port: number): void {
  sockets.delete(port);
  rotations.delete(port);
}

/** Sends a request and reads its answer. Every answer is a number; anything else ends the bench. */
function request(socket: Socket, path: string, cookie: string): Promise<void> {
  socket.write(`GET ${path} HTTP/1.1\r\nhost: app.example\r\ncookie: ${cookie}\r\n\r\n`);
  return new Promise((resolve) => {
    let answer = "";
    socket.on("data", function read(chunk: string) {
      answer += chunk;
      const end = answer.indexOf("\r\n\r\n");
      if (end === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1]);
      const body = answer.slice(end + 4);
      if (body.length < length) return;
      if (!/^HTTP\/1.1 200 /.test(answer) || !/^\d+$/.test(body)) throw new Error(`A server has answered ${answer}`);
      socket.off("data", read);
      resolve();
    });
  });
}
