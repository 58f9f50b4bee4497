import type { Socket } from "node:net";
import memjs from "memjs";

/** A memjs client as it comes, with its default options but for the logger: what the handler has to do better than. */
export function openBareMemjs(address: string, options: Parameters<typeof memjs.Client.create>[1] = {}) {
  const client = memjs.Client.create(address, { logger: { log() {} }, ...options });
  return Object.assign(client, {
    [Symbol.dispose]() {
      for (const server of client.servers) (server as { _socket?: Socket })._socket?.destroy();
    },
  });
}
