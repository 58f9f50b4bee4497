import type { AddressInfo } from "node:net";
import { attachSessions } from "sessionwire/ws";
import { WebSocketServer } from "ws";
import { openBase, Pairing, type SocketBinding } from "./binding.ts";
import { connectWebSocket, refusedWebSocket } from "./web-socket-client.ts";

/** `sessionwire/ws`. */
export const wsBinding: SocketBinding = {
  name: "ws",
  async open(handler, options = {}) {
    const base = await openBase(handler, options);
    const { server } = base.site;
    const pairing = new Pairing();
    const heards = new WeakMap<object, string[]>();
    const wss = new WebSocketServer({ noServer: true });
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
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has a port
    return {
      ...{ sockets, events: base.events, signIn: base.signIn },
      async connect(caller, ready) {
        const { path, served } = pairing.expect(ready);
        return { ...(await connectWebSocket(url + path, caller)), ...(await served) };
      },
      refuse: (caller) => refusedWebSocket(url, caller),
      async [Symbol.asyncDispose]() {
        await sockets.close();
        await base[Symbol.asyncDispose]();
      },
    };
  },
};
