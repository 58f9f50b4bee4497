import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Request } from "express";
import session, { type Store } from "express-session";
import { type WebSocket, WebSocketServer } from "ws";
import { called, secret } from "../express/express-site.ts";
import type { Client } from "./client.ts";
import { connectClient } from "./client.ts";
import { pairUp } from "./stage.ts";

type Attributes = Record<string, unknown>;

/** The recipe of the example that comes with ws: the middleware runs for the upgrade, and the socket keeps what it has found. */
export interface Recipe extends AsyncDisposable {
  /** What the upgrade handler has thrown. */
  readonly errors: unknown[];
  /** The cookie of a browser that has signed in. */
  signIn(): Promise<string>;
  /** Lets HTTP do something with the session of a cookie; answers with its attributes before. */
  visit(cookie: string, act?: (request: Request) => unknown): Promise<Attributes>;
  connect(cookie: string, origin?: string): Promise<{ client: Client; socket: WebSocket; request: Request }>;
}

export async function startRecipe(store: Store, maxAge?: number): Promise<Recipe> {
  let act: (request: Request) => unknown = () => {};
  const errors: unknown[] = [];
  const parser = session({ store, secret, resave: false, saveUninitialized: false, cookie: { maxAge } });
  const application = express()
    .use(parser)
    .get("/", async (request, response) => {
      const { cookie: _, ...attributes } = JSON.parse(JSON.stringify(request.session));
      await act(request);
      response.json(attributes);
    });
  const server = createServer(application).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const wss = new WebSocketServer({ noServer: true });
  const pairing = pairUp(wss);
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", (error) => errors.push(error));
    parser(request as Request, {} as ServerResponse as never, () => {
      try {
        if (!attributesOf(request).user) {
          socket.write("HTTP/1.1 401 Unauthorized\r\n\r\n");
          socket.destroy();
          return;
        }
        wss.handleUpgrade(request, socket, head, (opened) => wss.emit("connection", opened, request, request));
      } catch (error) {
        errors.push(error); // it would end the process
      }
    });
  });
  const recipe: Recipe = {
    errors,
    async signIn() {
      act = (request) => Object.assign(request.session, { user: "Ann" });
      const response = await fetch(`http://127.0.0.1:${port}/`);
      return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    },
    async visit(cookie, what = () => {}) {
      act = what;
      return (await (await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } })).json()) as Attributes;
    },
    async connect(cookie, origin = "http://app.example") {
      const path = pairing.nextPath();
      const client = await connectClient(`ws://127.0.0.1:${port}${path}`, { cookie, origin });
      const { socket, session: request } = await pairing.served(path);
      return { client, socket, request: request as unknown as Request }; // what the recipe emits in its place
    },
    async [Symbol.asyncDispose]() {
      for (const client of wss.clients) client.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
  return recipe;
}

/** The session of a request, to be changed at will. */
export function attributesOf(request: IncomingMessage): Attributes {
  return (request as Request).session as unknown as Attributes;
}

export function saved(request: Request): Promise<void> {
  return called((done) => request.session.save(done));
}
