import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Hooks } from "crossws";

/** A server of WebSocket on a free port of the loopback interface. */
export interface HookServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The parts of a server that Bun and Deno have of their own. */
interface OwnServer {
  readonly port: number;
  readonly addr: { readonly port: number };
  stop(closesConnections: boolean): Promise<void>;
  shutdown(): Promise<void>;
}

declare const Bun: { serve(options: object): OwnServer };
declare const Deno: { serve(options: object, handler: (request: never, info: never) => unknown): OwnServer };

const address = { hostname: "127.0.0.1", port: 0 };

/** Serves hooks of crossws by the adapter for the runtime that executes this. */
export function serveHooks(hooks: Partial<Hooks>): Promise<HookServer> {
  if ("Bun" in globalThis) return serveOnBun(hooks);
  return "Deno" in globalThis ? serveOnDeno(hooks) : serveOnNode(hooks);
}

async function serveOnBun(hooks: Partial<Hooks>): Promise<HookServer> {
  const { default: createAdapter } = await import("crossws/adapters/bun");
  const { handleUpgrade, websocket } = createAdapter({ hooks });
  const server = Bun.serve({ ...address, fetch: handleUpgrade, websocket });
  return { port: server.port, close: () => server.stop(true) };
}

async function serveOnDeno(hooks: Partial<Hooks>): Promise<HookServer> {
  const { default: createAdapter } = await import("crossws/adapters/deno");
  const server = Deno.serve({ ...address, onListen() {} }, createAdapter({ hooks }).handleUpgrade);
  return { port: server.addr.port, close: () => server.shutdown() };
}

async function serveOnNode(hooks: Partial<Hooks>): Promise<HookServer> {
  const { default: createAdapter } = await import("crossws/adapters/node");
  const adapter = createAdapter({ hooks });
  const server = createServer().listen(address.port, address.hostname);
  await once(server, "listening");
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => {}); // crossws has no listener while a hook decides
    adapter.handleUpgrade(request, socket, head);
  });
  return {
    port: (server.address() as AddressInfo).port, // a TCP server that listens has one
    async close() {
      await adapter.close();
      server.close();
    },
  };
}
