import { request } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { type BrokenFile, inPlaceOf } from "../mutants/bundles.ts";

/** A Worker in Cloudflare's own runtime. */
export interface WorkerdHost extends AsyncDisposable {
  /** Sends a request that the test can end. */
  send(query: Query): Sent;
  /** The answer to a request, which must be good. */
  ask(query: Query): Promise<unknown>;
  /** How many requests have come. */
  come(): Promise<number>;
}

export type Query = { readonly [name: string]: string };

export interface Sent {
  readonly answer: Promise<WorkerAnswer>;
  /** Ends the connection as a client does that has gone away, whereupon the runtime cancels the request. */
  cancel(): void;
}

/** `status` 0: the connection has ended without an answer. */
export interface WorkerAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** As which day's Workers it behaves, and what of other days it has nevertheless. */
export interface Compatibility {
  readonly day: string;
  readonly flags?: string[];
}

/** Bundles the program of the Worker, with addresses to be put in, and starts it; with a broken version of the package if need be. */
export async function startWorkerd(
  { day, flags = [] }: Compatibility,
  addresses: { readonly STORE_URL?: string; readonly UPSTASH?: object },
  broken?: BrokenFile,
): Promise<WorkerdHost> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "workerd-worker.ts")],
    define: Object.fromEntries(
      Object.entries({
        STORE_URL: "http://127.0.0.1:9",
        UPSTASH: { url: "http://127.0.0.1:9", token: "none" },
        ...addresses,
      }).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
    plugins: broken ? [inPlaceOf(broken)] : [],
    bundle: true,
    format: "esm",
    write: false,
  });
  const script = outputFiles[0]?.text ?? "";
  const worker = new Miniflare({
    modules: true,
    script,
    compatibilityDate: day,
    compatibilityFlags: flags,
    handleRuntimeStdio() {}, // it warns of each question to a request that is gone
  });
  const address = await worker.ready;

  function send(query: Query): Sent {
    const sent = request(new URL(`?${new URLSearchParams(query)}`, address), { agent: false });
    const answer = new Promise<WorkerAnswer>((resolve) => {
      sent.on("error", () => resolve({ status: 0, body: undefined }));
      sent.on("response", async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        const isJson = response.headers["content-type"]?.includes("json");
        resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
      });
    });
    sent.end();
    return { answer, cancel: () => sent.socket?.resetAndDestroy() };
  }

  async function ask(query: Query): Promise<unknown> {
    const { status, body } = await send(query).answer;
    if (status !== 200) throw new Error(`The Worker says ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  return {
    send,
    ask,
    come: async () => Number(await ask({ come: "" })),
    [Symbol.asyncDispose]: () => worker.dispose(),
  };
}
