import { join } from "node:path";
import { type PhpServer, startPhpServer } from "../php-server.ts";
import type { SaveHandler } from "./save-handlers.ts";

const script = join(import.meta.dirname, "request.php");

export interface PhpRequests extends AsyncDisposable {
  /** Sends one request to Symfony, which takes the steps in order and saves its session. Returns the id that it then has. */
  send(saveHandler: SaveHandler, id: string | undefined, steps: readonly string[]): Promise<string>;
}

export interface Ports {
  readonly redis: number;
  readonly memcached: number;
}

/** Starts as many PHP servers as there may be requests at a time. */
export async function startPhpRequests(count: number, ports: Ports): Promise<PhpRequests> {
  const environment = { REDIS_PORT: String(ports.redis), MEMCACHED_PORT: String(ports.memcached) };
  const servers = await Promise.all(Array.from({ length: count }, () => startPhpServer({ script, environment })));
  const idle = [...servers];
  const waiting: ((server: PhpServer) => void)[] = [];

  function release(server: PhpServer): void {
    const next = waiting.shift();
    if (next === undefined) idle.push(server);
    else next(server);
  }

  return {
    async send(saveHandler, id, steps) {
      const server = idle.pop() ?? (await new Promise<PhpServer>((resolve) => waiting.push(resolve)));
      try {
        return await request(`${server.url}/?${queryOf(saveHandler, ports, steps)}`, id);
      } finally {
        release(server);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server[Symbol.asyncDispose]();
    },
  };
}

async function request(url: string, id: string | undefined): Promise<string> {
  const response = await fetch(url, { headers: id === undefined ? {} : { Cookie: `PHPSESSID=${id}` } });
  const text = await response.text();
  if (!response.ok) throw new Error(`PHP has answered with ${response.status}: ${text}`);
  return JSON.parse(text).id;
}

function queryOf(saveHandler: SaveHandler, ports: Ports, steps: readonly string[]): URLSearchParams {
  const query = new URLSearchParams({
    handler: saveHandler.handler,
    threshold: String(saveHandler.metadataUpdateThreshold),
  });
  for (const [name, value] of Object.entries(saveHandler.settings))
    query.append(`ini[${name}]`, value.replace("PORT", String(ports[saveHandler.server])));
  for (const step of steps) query.append("steps[]", step);
  return query;
}
