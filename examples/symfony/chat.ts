import { once } from "node:events";
import { createServer } from "node:http";
import { createSessionManager, isSessionError } from "sessionwire";
import { createRedisHandler, createRedisKeyspaceChannel } from "sessionwire/redis";
import { phpCookie, securityTokenOf, symfonyFormat } from "sessionwire/symfony";
import { attachSessions, type SocketSession } from "sessionwire/ws";
import { WebSocket, WebSocketServer } from "ws";
import { explain } from "../explain.ts";
import { readWish } from "./wish.ts";

/** The attribute that sockets write. Symfony has others in the same session. */
interface ChatAttributes {
  readonly "chat.name": string;
}

export interface ChatOptions {
  readonly redisUrl: string;
  readonly port: number;
  /** The origins of the pages that may connect: those of Symfony. */
  readonly origins: readonly string[];
}

/** Serves the sockets of those who are signed in to Symfony. */
export async function startChat({ redisUrl, port, origins }: ChatOptions): Promise<AsyncDisposable> {
  const sessions = createSessionManager<ChatAttributes>({
    handler: createRedisHandler(redisUrl),
    format: symfonyFormat({ preset: "symfony-redis", serializer: "php", metadataUpdateThresholdSeconds: 120 }),
    channel: createRedisKeyspaceChannel(redisUrl, { keysBeginWith: "sf_s" }), // a sign-out in PHP is known at once
  });
  sessions.subscribe((event) => event.type === "failed" && console.warn(explain(event.error)));
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  const wss = new WebSocketServer({ noServer: true, path: "/chat", maxPayload: 16_384 });
  const sockets = attachSessions(server, wss, {
    sessions,
    cookie: phpCookie(),
    allowedOrigins: origins,
    authorize: (session) => securityTokenOf(session, "main") !== undefined,
    onConnection: (socket) => tell(socket, { type: "welcome" }),
    onMessage: (socket, message, session) => hear(wss, socket, String(message), session),
    onEvent: (event) => event.type === "failed" && console.warn(event.error),
  });
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      await sockets.close();
      await sessions.close();
    },
  };
}

async function hear(
  { clients }: WebSocketServer,
  socket: WebSocket,
  text: string,
  session: SocketSession<ChatAttributes>,
): Promise<void> {
  const wish = readWish(text);
  if (wish === undefined) return socket.close(1003, "This was not a message of this chat.");
  try {
    if (wish.type === "rename") {
      await session.change((draft) => draft.set("chat.name", wish.text));
      return tell(socket, { type: "notice", text: "Your name is saved. Reload: Symfony greets you by it." });
    }
    const name = await nameOf(session);
    for (const client of clients) tell(client, { type: "said", name, text: wish.text });
  } catch (error) {
    if (!isSessionError(error)) throw error;
    tell(socket, { type: "notice", text: "The session store is not answering. Please try again." });
  }
}

/** Returns the name that was set on a socket, or else the one by which Symfony knows the user. */
async function nameOf(session: SocketSession<ChatAttributes>): Promise<string> {
  const draft = await session.open();
  return draft.get("chat.name") ?? securityTokenOf(draft, "main")?.userIdentifier ?? "";
}

function tell(socket: WebSocket, news: Readonly<Record<string, string>>): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(news));
}
