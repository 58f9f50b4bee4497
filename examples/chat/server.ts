import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { createSessionManager, expressFormat } from "sessionwire";
import { attachSessions } from "sessionwire/ws";
import { WebSocketServer } from "ws";
import type { ChatAttributes } from "./attributes.ts";
import type { Backend } from "./backend.ts";
import { Chat } from "./chat.ts";
import { listen } from "./listen.ts";
import { findNeighbours } from "./neighbours.ts";
import { Panels } from "./panels.ts";
import { Room } from "./room.ts";
import type { Settings } from "./settings.ts";
import { createSite } from "./site.ts";

/** Time limit in ms for requests that arrived before the end. */
const answerWithinMs = 500;

export interface ChatServer {
  readonly url: string;
  readonly port: number;
  /** Closes all sockets with 1001, answers the requests under way, and closes the store. */
  close(): Promise<void>;
}

/** Serves pages and sockets with one session manager. */
export async function startServer(settings: Settings, backend: Backend): Promise<ChatServer> {
  const sessions = createSessionManager<ChatAttributes>({
    handler: backend.handler,
    channel: backend.channel,
    users: { idOf: (session) => session.get("chat.user"), label: (session) => session.get("chat.browser") },
    format: expressFormat(),
    idleTimeoutSeconds: settings.idleTimeoutSeconds,
  });
  const neighbours = findNeighbours();
  const server = createServer();
  const port = await listen(server, settings.host, settings.port);
  const origins = settings.origin ? [settings.origin] : [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  // A separate name, because cookies ignore ports, and other programs on localhost may also have a connect.sid.
  const cookie = { name: "chat.sid", secrets: [settings.secret] } as const;

  server.on(
    "request",
    createSite({ sessions, cookie, origins, process: neighbours.process, hasTrial: backend.trial !== undefined }),
  );

  const room = new Room(neighbours);
  const chat = new Chat(room, backend.trial);
  const limits = { maxPayload: 16_384, maxFragments: 64, maxBufferedChunks: 1024 };
  const wss = new WebSocketServer({ noServer: true, path: "/chat", ...limits });
  const sockets = attachSessions(server, wss, {
    sessions,
    cookie,
    allowedOrigins: origins,
    authorize: (session) => session.has("chat.name"),
    maxSocketsPerSession: 20,
    onConnection: (socket, _request, session) => chat.letIn(socket, session),
    onMessage: (socket, message) => chat.hear(socket, message),
  });
  new Panels(backend, room);

  return {
    url: origins[0] ?? "",
    port,
    async close() {
      const answered = once(server, "close");
      server.close();
      await sockets.close();
      // Browsers keep spare connections open without a request; these are not waited for.
      await Promise.race([answered, delay(answerWithinMs)]);
      server.closeAllConnections();
      await sessions.close();
      await backend.trial?.close();
    },
  };
}
