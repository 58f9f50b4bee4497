import { attachSessions } from "sessionwire/ws";
import { WebSocketServer } from "ws";
import { openBase, Pairing, type SocketBinding } from "./binding.ts";
import { webSocketClients } from "./web-socket-client.ts";

/** `sessionwire/ws`. */
export const wsBinding: SocketBinding = {
  name: "ws",
  async open(handler, options = {}) {
    const base = await openBase(handler, options);
    const { server } = base.site;
    const pairing = new Pairing();
    const heards = new WeakMap<object, string[]>();
    const wss = new WebSocketServer({ noServer: true, maxPayload: 2 ** 24 });
    wss.on("headers", (headers) => headers.push("Set-Cookie: seen=1"));
    const sockets = attachSessions(server, wss, {
      ...base.options,
      onConnection(socket, request, session) {
        const heard: string[] = [];
        heards.set(socket, heard);
        return pairing.arrive(request.url ?? "", { session, heard });
      },
      onMessage: (socket, message) => heards.get(socket)?.push(String(message)),
    });
    return {
      ...webSocketClients(base, pairing),
      sockets,
      async [Symbol.asyncDispose]() {
        await sockets.close();
        await base[Symbol.asyncDispose]();
      },
    };
  },
};
