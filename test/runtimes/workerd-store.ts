import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gate } from "../fixtures/gate.ts";

/** What a Worker asks of the store. Data travels as text. */
export interface StoreQuestion {
  readonly method: "read" | "write" | "touch" | "destroy" | "ping" | "reconnect";
  readonly key?: string;
  readonly data?: string;
  readonly replaces?: string | undefined;
}

export interface StoreAnswer {
  readonly done: boolean;
  /** What is stored, or stands in the way. */
  readonly current?: { readonly data: string; readonly version: string } | undefined;
}

/** A question that has come and is not carried out before the test says so. */
export interface HeldQuestion {
  /** Resolves when it is there. */
  readonly arrived: Promise<void>;
  /** Resolves when whoever has asked waits no longer. */
  readonly left: Promise<void>;
  /** Carries it out, and keeps the answer. */
  carryOut(): void;
  /** Carries it out if that has not been done, and answers. */
  release(): void;
}

/** A store behind HTTP, which compares and writes in one step, and whose questions a test can hold. */
export interface HeldStore extends AsyncDisposable {
  readonly url: string;
  /** The methods that were asked for. */
  readonly asked: string[];
  /** Holds the next question of this method. */
  hold(method: StoreQuestion["method"]): HeldQuestion;
  /** Lets so many of the next questions of this method fail. */
  fail(method: StoreQuestion["method"], times?: number): void;
}

export async function startHeldStore(): Promise<HeldStore> {
  const rows = new Map<string, { data: string; version: string }>();
  const holds = new Map<string, ((question: StoreQuestion, response: ServerResponse) => void)[]>();
  const failures = new Map<string, number>();
  const asked: string[] = [];
  let count = 0;

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // the address of a TCP server that listens is an object

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const question: StoreQuestion = JSON.parse(await textOf(request));
    const { method } = question;
    asked.push(method);
    const failing = failures.get(method) ?? 0;
    if (failing > 0) {
      failures.set(method, failing - 1);
      return void response.writeHead(500).end();
    }
    const held = holds.get(method)?.shift();
    if (held) held(question, response);
    else answer(response, carryOut(question));
  }

  function carryOut({ method, key = "", data = "", replaces }: StoreQuestion): StoreAnswer {
    const current = rows.get(key);
    if (method === "read" || method === "touch") return { done: current !== undefined, current };
    if (method === "ping" || method === "reconnect") return { done: true };
    if (method === "destroy" && replaces === undefined) return { done: rows.delete(key) };
    if (current?.version !== replaces) return { done: false, current };
    if (method === "destroy") return { done: rows.delete(key) };
    count += 1;
    const written = { data, version: String(count) };
    rows.set(key, written);
    return { done: true, current: written };
  }

  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    hold(method) {
      const arrival = gate<void>();
      const departure = gate<void>();
      let release = () => {};
      let carryOutNow = () => {};
      const take = (question: StoreQuestion, response: ServerResponse) => {
        let result: StoreAnswer | undefined;
        carryOutNow = () => {
          result ??= carryOut(question);
        };
        release = () => {
          carryOutNow();
          answer(response, result);
        };
        response.on("close", () => departure.open());
        arrival.open();
      };
      holds.set(method, [...(holds.get(method) ?? []), take]);
      return {
        arrived: arrival.opened,
        left: departure.opened,
        carryOut: () => carryOutNow(),
        release: () => release(),
      };
    },
    fail(method, times = 1) {
      failures.set(method, times);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(response: ServerResponse, result: StoreAnswer | undefined): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(result));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
