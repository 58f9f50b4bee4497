import type { NetworkedSessionHandler } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { afterAll } from "vitest";
import type { FaultProxy } from "../faults/proxy.ts";
import { type MemcachedServer, startMemcached } from "../servers/memcached-server.ts";

/** A server for the tests of a file, and a handler that reaches it without any fault in between. Both end with the file. */
export async function openScene(args: readonly string[] = []): Promise<{
  readonly server: MemcachedServer;
  readonly handler: NetworkedSessionHandler;
}> {
  const server = await startMemcached({ args });
  const handler = createMemcachedHandler(server.address);
  afterAll(async () => {
    await handler.close();
    await server.stop();
  });
  return { server, handler };
}

export function addressOf({ port }: Pick<FaultProxy, "port">): string {
  return `127.0.0.1:${port}`;
}

/** How often the server has been asked for something: `get_hits`, `cas_hits`, `touch_hits` and the like. */
export async function countOf(server: MemcachedServer, name: string): Promise<number> {
  const lines = await server.command("stats");
  return Number(lines.find((line) => line.startsWith(`STAT ${name} `))?.split(" ")[2]);
}
