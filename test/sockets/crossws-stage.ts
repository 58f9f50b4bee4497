import crossws from "crossws/adapters/node";
import { createSessionHooks } from "sessionwire/crossws";
import { openBase, Pairing, type SocketBinding } from "./binding.ts";
import { webSocketClients } from "./web-socket-client.ts";

/** `sessionwire/crossws` on Node.js. */
export const crosswsBinding: SocketBinding = {
  name: "crossws",
  async open(handler, options = {}) {
    const base = await openBase(handler, options);
    const { server } = base.site;
    const pairing = new Pairing();
    const heards = new WeakMap<object, string[]>();
    const { hooks, sockets } = createSessionHooks(base.options, {
      upgrade: () => ({ headers: { "Set-Cookie": "seen=1" } }),
      open(peer, session) {
        const heard: string[] = [];
        heards.set(peer, heard);
        return pairing.arrive(new URL(peer.request.url).pathname, { session, heard });
      },
      message: (peer, message) => heards.get(peer)?.push(message.text()),
    });
    const adapter = crossws({ hooks });
    server.on("upgrade", (request, socket, head) => {
      socket.on("error", () => {}); // crossws has no listener while a hook decides
      adapter.handleUpgrade(request, socket, head);
    });
    return {
      ...webSocketClients(base, pairing),
      sockets,
      async [Symbol.asyncDispose]() {
        await sockets.close();
        await adapter.close();
        await base[Symbol.asyncDispose]();
      },
    };
  },
};
