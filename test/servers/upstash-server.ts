import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Redis } from "ioredis";
import { type RedisServer, startRedis } from "./redis-server.ts";

/** What becomes of a request instead of its answer. `after …`: the command has been executed. */
export type UpstashFault =
  | { readonly ends: () => void }
  | { readonly status: number; readonly body: string; readonly executes?: boolean }
  | "no answer"
  | "cut before executing"
  | "cut after executing"
  | "cut in the middle of the answer";

/** What has been sent to the server. */
export interface UpstashRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly command: readonly unknown[];
}

/** A server that speaks as Upstash does, before a Redis of its own. https://upstash.com/docs/redis/features/restapi */
export interface UpstashServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly redis: RedisServer;
  /** All requests since the start, the refused ones included. */
  readonly requests: UpstashRequest[];
  /** What becomes of the next requests, one for each; `undefined`: an answer. */
  next(...faults: (UpstashFault | undefined)[]): void;
  /** Leaves the next request unanswered; resolves when the client has ended it. */
  nextEnds(): Promise<true>;
  stop(): Promise<void>;
}

/** `idleMs`: how long the server keeps a connection that nobody uses. */
export async function startUpstash({ idleMs = 65_000 } = {}): Promise<UpstashServer> {
  const redis = await startRedis();
  const client = new Redis(redis.url, { protocol: 2 });
  client.on("error", () => {}); // its calls tell
  const token = `token-${randomUUID()}`;
  const requests: UpstashRequest[] = [];
  const faults: (UpstashFault | undefined)[] = [];
  let answered = 0;

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = idleMs;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // of a TCP server that listens

  const stop = async () => {
    server.closeAllConnections();
    server.close();
    client.disconnect();
    await redis.stop();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    token,
    redis,
    requests,
    next: (...planned) => void faults.push(...planned),
    nextEnds: () => new Promise((resolve) => faults.push({ ends: () => resolve(true) })),
    stop,
    [Symbol.asyncDispose]: stop,
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: unknown = JSON.parse(await text(request));
    requests.push({ path: request.url ?? "", headers: request.headers, command: body as unknown[] }); // as it is documented
    const fault = faults.shift();
    if (fault === "no answer") return;
    if (typeof fault === "object" && "ends" in fault) return void request.socket.once("close", fault.ends);
    if (fault === "cut before executing") return void request.socket.resetAndDestroy();
    if (typeof fault === "object" && !fault.executes) return respond(response, fault.status, fault.body);
    if (request.headers.authorization !== `Bearer ${token}`) {
      return respond(response, 401, JSON.stringify({ error: "Unauthorized" }));
    }
    const isBase64 = request.headers["upstash-encoding"] === "base64";
    const { status, answer } = await answerTo(request.url ?? "", body, isBase64);
    if (fault === "cut after executing") return void request.socket.resetAndDestroy();
    if (fault === "cut in the middle of the answer") {
      response.writeHead(200, { "content-length": 1000 }).write(JSON.stringify(answer).slice(0, 10));
      return void setTimeout(() => request.socket.resetAndDestroy(), 5);
    }
    if (typeof fault === "object") return respond(response, fault.status, fault.body);
    answered += 1;
    response.setHeader("upstash-sync-token", `after ${answered}`);
    respond(response, status, JSON.stringify(answer));
  }

  async function answerTo(path: string, body: unknown, isBase64: boolean) {
    const commands = body as (readonly unknown[])[]; // of these two paths
    if (path === "/pipeline") return { status: 200, answer: await pipeline(commands, isBase64) };
    if (path === "/multi-exec") return transaction(commands, isBase64);
    const answer = await run(body as readonly unknown[], isBase64);
    return { status: "error" in answer ? 400 : 200, answer };
  }

  async function pipeline(commands: readonly (readonly unknown[])[], isBase64: boolean) {
    const answers = [];
    for (const command of commands) answers.push(await run(command, isBase64));
    return answers;
  }

  async function transaction(commands: readonly (readonly unknown[])[], isBase64: boolean) {
    const transaction = client.multi();
    for (const [name, ...args] of commands) transaction.callBuffer(String(name), ...args.map(argument));
    try {
      const results = (await transaction.exec()) ?? [];
      return {
        status: 200,
        answer: results.map(([error, result]) =>
          error ? { error: error.message } : { result: encode(result, isBase64) },
        ),
      };
    } catch (error) {
      return { status: 400, answer: { error: messageOf(error) } };
    }
  }

  async function run([name, ...args]: readonly unknown[], isBase64: boolean) {
    try {
      const result: unknown = await client.callBuffer(String(name), ...args.map(argument));
      const isStatus = Buffer.isBuffer(result) && result.toString() === "OK";
      return { result: isStatus ? "OK" : encode(result, isBase64) };
    } catch (error) {
      return { error: messageOf(error) };
    }
  }
}

function argument(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function encode(value: unknown, isBase64: boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => encode(each, isBase64));
  if (Buffer.isBuffer(value)) return value.toString(isBase64 ? "base64" : "utf8");
  return value ?? null;
}

function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}
