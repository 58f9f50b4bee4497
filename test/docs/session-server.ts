import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "sessionwire";

/** A server of sessions that is asked over HTTP. */
export interface SessionServer extends AsyncDisposable {
  readonly address: string;
  /** Number of requests so far. */
  readonly requests: number;
  /** Status and body of all further answers, instead of what it would say. */
  refuse(status: number, body: string): void;
  /** All further answers end in the middle. */
  cutAnswers(): void;
}

interface Entry {
  readonly data: Buffer;
  readonly etag: string;
  expiresAt: number;
}

/** Starts a server that takes conditional requests on `?key=`, and a time to live as `x-ttl`. */
export async function startSessionServer(clock: Clock): Promise<SessionServer> {
  const entries = new Map<string, Entry>();
  let [requests, versions] = [0, 0];
  let refusal: readonly [status: number, body: string] | undefined;
  let areCut = false;

  const server = createServer(async (request, response) => {
    requests += 1;
    const chunks: Buffer[] = await request.toArray();
    if (areCut) {
      response.writeHead(200, { "content-length": "10" }).write("half", () => response.destroy());
    } else if (refusal) response.writeHead(refusal[0]).end(refusal[1]);
    else answer(request, Buffer.concat(chunks), response);
  });
  server.listen({ port: 0, host: "127.0.0.1", backlog: 2048 }); // a thousand calls at once open as many connections
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get requests() {
      return requests;
    },
    refuse(...answer) {
      refusal = answer;
    },
    cutAnswers() {
      areCut = true;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };

  function answer({ method, headers, url = "" }: IncomingMessage, data: Buffer, response: ServerResponse): void {
    const key = new URL(url, "http://server").searchParams.get("key") ?? "";
    const entry = entries.get(key);
    const current = entry && clock.now() < entry.expiresAt ? entry : undefined;
    const expiresAt = clock.now() + Number(headers["x-ttl"]) * 1000;
    const isMeant =
      headers["if-none-match"] === "*" ? !current : (headers["if-match"] ?? current?.etag) === current?.etag;
    if (method === "PUT" && isMeant) {
      versions += 1;
      const etag = `"${versions}"`;
      entries.set(key, { data, etag, expiresAt });
      response.writeHead(204, { etag }).end();
      return;
    }
    if (!current) {
      response.writeHead(404).end();
      return;
    }
    if (method === "DELETE" && isMeant) entries.delete(key);
    if (headers["x-ttl"] && (method === "GET" || method === "POST")) current.expiresAt = expiresAt;
    if (method === "GET" || !isMeant) response.writeHead(isMeant ? 200 : 412, { etag: current.etag }).end(current.data);
    else response.writeHead(204).end();
  }
}
