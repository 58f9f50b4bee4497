import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Redis } from "ioredis";
import { type RedisServer, startRedis } from "./redis-server.ts";

/**
 * What happens to a request instead of what should:
 *
 * - an answer with another status or body, before anything was executed,
 * - `silence`: there is no answer; `cut before` and `cut after`: the connection is reset before or after the command was executed,
 * - `unanswered`: the command is executed, and there is no answer; `cut within`: the connection is reset in the middle of the answer.
 */
export type UpstashFault = UpstashAnswer | "silence" | "unanswered" | "cut before" | "cut after" | "cut within";

export interface UpstashAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as it arrived. */
export interface UpstashRequest {
  readonly path: string;
  readonly command: unknown;
  readonly headers: IncomingMessage["headers"];
  /** Whether the client has gone away before it was answered. */
  wasGivenUp: boolean;
}

/** A server that speaks the REST protocol of Upstash in front of a real Redis server. */
export interface UpstashServer extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly port: number;
  readonly redis: RedisServer;
  readonly requests: readonly UpstashRequest[];
  /** The commands of all requests, also those of one that was not executed. */
  readonly commands: readonly (readonly unknown[])[];
  /** Lets that happen to so many of the next requests. */
  next(fault: UpstashFault, times?: number): void;
  /** Answers nothing any more, as a server whose process stands still. Executes what it was sent meanwhile when it goes on. */
  freeze(): void;
  thaw(): void;
  /** Resets all connections, and takes no new ones. */
  kill(): Promise<void>;
  /** Kills it if it runs, and starts it again on its port, without its data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The answers of servers that are not well, and of others that stand in between. */
export const upstashAnswers = {
  unauthorized: json(401, { error: "Unauthorized" }),
  forbidden: json(403, { error: "Forbidden" }),
  "too many requests": json(429, { error: "Too Many Requests" }),
  "daily limit": json(400, { error: "ERR max daily request limit exceeded. Limit: 10000, Usage: 10000" }),
  "request too large": json(400, {
    error: "ERR max request size exceeded. Limit: 1048576 bytes, Actual: 1048577 bytes",
  }),
  "internal error": json(500, { error: "Internal Server Error" }),
  "internal error of the store": json(500, { error: "ERR internal error" }),
  "unavailable page": html(503, "503 Service Temporarily Unavailable"),
  "bad gateway": html(502, "502 Bad Gateway"),
  "gateway timeout": html(504, "504 Gateway Time-out"),
  "refusal page": html(403, "403 Forbidden"),
  "limit page": html(429, "429 Too Many Requests"),
  "login page": html(200, "Welcome to the hotel"),
  garbage: { status: 200, body: "\u0000garbage" },
  empty: { status: 200, body: "" },
  "no result": json(200, {}),
  "a null": json(200, null),
  "a null result": json(200, { result: null }),
  "an OK": json(200, { result: "OK" }),
  "a number": json(200, { result: 1 }),
  "another text": json(200, { result: Buffer.from("something").toString("base64") }),
  "an object": json(200, { result: { found: false } }),
  "an empty list": json(200, { result: [] }),
  "a list of too many": json(200, [{ result: null }, { result: null }]),
  "a list of nulls": json(200, [null]),
  "a list of what has no result": json(200, [{}]),
  "a list of numbers": json(200, [{ result: 2 }]),
  "a list of objects": json(200, [{ result: { found: false } }]),
  "a list with another status": json(500, [{ result: null }]),
} satisfies Record<string, UpstashAnswer>;

function json(status: number, body: unknown): UpstashAnswer {
  return { status, body: JSON.stringify(body) };
}

function html(status: number, title: string): UpstashAnswer {
  return { status, body: `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body>${title}</body></html>` };
}

/** What every server here is called with. */
export const upstashToken = "a-token-for-tests";

/** Starts both servers on free ports of the loopback interface. `idleMs`: how long a connection is kept that nobody uses. */
export async function startUpstash({ idleMs = 65_000 } = {}): Promise<UpstashServer> {
  const token = upstashToken;
  const redis = await startRedis();
  const connection = new Redis({ port: redis.port, host: "127.0.0.1", protocol: 2, maxRetriesPerRequest: 0 });
  connection.on("error", () => {});
  const requests: UpstashRequest[] = [];
  const faults: UpstashFault[] = [];
  let executed = 0;
  let thawed = Promise.resolve();
  let thaw = () => {};

  const server = createServer({ keepAliveTimeout: idleMs }, (request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // the address of a TCP server that listens is an object

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await textOf(request));
    const received = { path: request.url ?? "", command: body, headers: request.headers, wasGivenUp: false };
    requests.push(received);
    response.on("close", () => {
      received.wasGivenUp = !response.writableEnded && !response.writableFinished;
    });
    await thawed;
    const fault = faults.shift();
    if (typeof fault === "object") return answer(response, fault.status, fault.body, fault.headers);
    if (fault === "silence") return;
    if (fault === "cut before") return void request.socket.resetAndDestroy();
    const { status, reply } = await replyTo(request, body);
    if (fault === "unanswered") return;
    if (fault === "cut after") return void request.socket.resetAndDestroy();
    if (fault === "cut within") {
      response.writeHead(200, { "content-length": 1000 }).write(JSON.stringify(reply).slice(0, 10));
      return void setTimeout(() => request.socket.resetAndDestroy(), 5);
    }
    response.setHeader("upstash-sync-token", `token ${executed}`);
    answer(response, status, JSON.stringify(reply));
  }

  async function replyTo(request: IncomingMessage, body: unknown): Promise<{ status: number; reply: unknown }> {
    const isEncoded = request.headers["upstash-encoding"] === "base64";
    if (request.headers.authorization !== `Bearer ${token}`) return { status: 401, reply: { error: "Unauthorized" } };
    if (request.method !== "POST") return { status: 405, reply: { error: "Method not allowed" } };
    const isSingle = request.url === "/";
    if (!isSingle && request.url !== "/pipeline" && request.url !== "/multi-exec") {
      return { status: 404, reply: { error: "Not Found" } };
    }
    try {
      if (isSingle) return { status: 200, reply: { result: encode(await execute(body), isEncoded, true) } };
      const commands = body as unknown[]; // as the client sends it
      if (request.url === "/multi-exec") return { status: 200, reply: await executeTogether(commands, isEncoded) };
      return { status: 200, reply: await Promise.all(commands.map((command) => executeOne(command, isEncoded))) };
    } catch (error) {
      if (error instanceof Error && error.name === "ReplyError")
        return { status: 400, reply: { error: error.message } };
      return { status: 500, reply: { error: "Internal Server Error" } };
    }
  }

  function execute(command: unknown): Promise<unknown> {
    executed += 1;
    const [name, ...args] = command as unknown[]; // as the client sends it
    return connection.callBuffer(String(name), ...args.map(String));
  }

  async function executeOne(command: unknown, isEncoded: boolean): Promise<object> {
    try {
      return { result: encode(await execute(command), isEncoded, true) };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  async function executeTogether(commands: unknown[], isEncoded: boolean): Promise<object[]> {
    const sent = [execute(["MULTI"]), ...commands.map(execute)];
    const [replies] = await Promise.all([execute(["EXEC"]), ...sent]);
    return (replies as unknown[]).map((reply) => ({ result: encode(reply, isEncoded, true) }));
  }

  function freeze(): void {
    thawed = new Promise((resolve) => {
      thaw = resolve;
    });
  }

  async function kill(): Promise<void> {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }

  async function restart(): Promise<void> {
    await kill();
    thaw();
    await redis.command("FLUSHALL");
    await once(server.listen(port, "127.0.0.1"), "listening");
  }

  async function stop(): Promise<void> {
    connection.disconnect();
    await kill();
    await redis.stop();
  }

  return {
    url: `http://127.0.0.1:${port}`,
    token,
    port,
    redis,
    requests,
    get commands() {
      return requests.flatMap(commandsIn);
    },
    next(fault, times = 1) {
      for (let count = 0; count < times; count += 1) faults.push(fault);
    },
    freeze,
    thaw: () => thaw(),
    kill,
    restart,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function commandsIn({ path, command }: UpstashRequest): unknown[][] {
  return (path === "/" ? [command] : command) as unknown[][]; // as every client sends them
}

function answer(response: ServerResponse, status: number, body: string, headers: UpstashAnswer["headers"] = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}

/** Every text but a status "OK" is in base64 if the client has asked for it. */
function encode(reply: unknown, isEncoded: boolean, isTop = false): unknown {
  if (Array.isArray(reply)) return reply.map((part) => encode(part, isEncoded));
  if (!Buffer.isBuffer(reply)) return reply ?? null;
  if (isTop && reply.toString() === "OK") return "OK";
  return reply.toString(isEncoded ? "base64" : "utf8");
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
