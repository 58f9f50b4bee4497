import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createSessionManager, withConnectionCheck } from "sessionwire";
import { createRedisChannel, createRedisHandler } from "sessionwire/redis";
import { attachSessions } from "sessionwire/ws";
import { WebSocketServer } from "ws";
import { allowedOrigins } from "./stage.ts";

// Serves sockets in a process of its own: each message adds one to the attribute that it names, and is answered when that is stored.

const { REDIS_URL = "", WITH_CHANNEL } = process.env;
const handler = withConnectionCheck(createRedisHandler(REDIS_URL));
const channel = WITH_CHANNEL ? [createRedisChannel(REDIS_URL)] : [];
const sessions = createSessionManager<Record<string, number>>({ handler, channel });
const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
attachSessions(server, new WebSocketServer({ noServer: true, maxPayload: 2 ** 24 }), {
  sessions,
  allowedOrigins,
  // With a channel, nothing else tells of what happens elsewhere.
  ...(WITH_CHANNEL ? { revalidateEverySeconds: 3600, maxStalenessSeconds: 7200 } : { revalidateEverySeconds: 1 }),
  onConnection(socket, _request, session) {
    socket.on("message", async (name) => {
      const change = session.change((draft) => draft.update(String(name), (count = 0) => count + 1));
      await change.then(
        () => socket.send("done"),
        ({ code }) => socket.send(code),
      );
    });
  },
});
process.send?.((server.address() as AddressInfo).port); // a TCP server that listens has one
