import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A proxy that changes what a server answers, as some services put other words in front of its errors. */
export interface RewritingProxy extends AsyncDisposable {
  readonly port: number;
}

/** `rewrite` is called with the bytes as they come, each as the character of its number. */
export async function startRewriting(port: number, rewrite: (replies: string) => string): Promise<RewritingProxy> {
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const server = connect(port, "127.0.0.1");
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        client.destroy();
        server.destroy();
      });
    }
    client.pipe(server);
    server.on("data", (bytes) => client.write(rewrite(bytes.toString("latin1")), "latin1"));
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port, // as it listens on a port
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}
