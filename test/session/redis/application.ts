import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import session, { type Store } from "express-session";

declare module "express-session" {
  interface SessionData {
    [name: string]: unknown;
  }
}

/** An application with nothing in it that knows which store it has. */
export interface Application extends AsyncDisposable {
  readonly url: string;
}

/** `POST /add/<name>` adds 1 to a member of the session, and `GET /` shows the session. */
export async function startApplication(store: Store): Promise<Application> {
  const application = express();
  application.use(session({ store, secret: "the same everywhere", resave: false, saveUninitialized: false }));
  application.post("/add/:name", (request, response) => {
    const { name } = request.params;
    request.session[name] = Number(request.session[name] ?? 0) + 1;
    response.end();
  });
  application.post("/leave", (request, response, next) => {
    request.session.destroy((error) => (error ? next(error) : response.end()));
  });
  application.get("/", (request, response) => {
    response.json(request.session);
  });
  application.use(((_error, _request, response, _next) => {
    response.status(500).end();
  }) as express.ErrorRequestHandler);
  const server = createServer(application).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // of a TCP server that listens
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Visits an application, and goes on with the cookie that it hands out. */
export async function enter(url: string): Promise<string> {
  const response = await post(url, "/add/visits", "");
  const [cookie] = response.headers.getSetCookie();
  if (cookie === undefined) throw new Error("The application has handed out no cookie.");
  return cookie.split(";")[0] ?? "";
}

/** A request that must succeed. */
export async function post(url: string, path: string, cookie: string): Promise<Response> {
  const response = await fetch(url + path, { method: "POST", headers: { cookie } });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`The application answered ${response.status}.`);
  return response;
}

export async function sessionOf(url: string, cookie: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, { headers: { cookie } });
  return (await response.json()) as Record<string, unknown>; // as the application sends it
}
