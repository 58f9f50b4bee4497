// @module-tag real-time

import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, describe, expect, test } from "vitest";
import { create } from "../redis/session-data.ts";
import { openScene } from "./scene.ts";

const { server, source, handler } = await openScene();

/** What a Worker does: all handlers are made outside of its requests, and only one bare client. */
const program = `
  import { Redis } from "@upstash/redis";
  import { Redis as CloudflareRedis } from "@upstash/redis/cloudflare";
  import { createUpstashHandler } from "sessionwire/upstash";

  const source = ${JSON.stringify(source)};
  const nowhere = { url: "http://127.0.0.1:9", token: source.token };
  const handlers = {
    credentials: createUpstashHandler(source),
    client: createUpstashHandler(new Redis(source)),
    "client of Cloudflare": createUpstashHandler(new CloudflareRedis(source)),
    nowhere: createUpstashHandler(nowhere),
  };
  const bare = new Redis({ ...source, retry: { retries: 0 } });

  export default {
    async fetch(request) {
      const { searchParams } = new URL(request.url);
      const [from, id] = [searchParams.get("from"), searchParams.get("id")];
      try {
        if (from === "bare") return Response.json({ read: await bare.get(id) });
        const session = await handlers[from].read(id);
        return Response.json({ read: session && new TextDecoder().decode(session.data) });
      } catch (error) {
        return Response.json({ code: error.code, message: error.message, cause: error.cause?.message });
      }
    },
  };
`;

const bundle = build({
  stdin: { contents: program, resolveDir: join(import.meta.dirname, "../..") },
  bundle: true,
  format: "esm",
  write: false,
  logLevel: "silent",
});

interface Said {
  readonly read?: string;
  readonly code?: string;
  readonly message?: string;
  readonly cause?: string;
}

/** Workers behave as on a day that they name; from November 11th, 2024, requests may say how they are cached. */
describe.each([
  ["2022-11-30", false],
  ["2024-11-10", false],
  ["2024-11-11", true],
  ["2026-04-01", true],
])("on a Worker of %s", async (compatibilityDate, takesCache) => {
  const [output] = (await bundle).outputFiles;
  const worker = new Miniflare({ modules: true, script: output?.text ?? "", compatibilityDate });
  afterAll(() => worker.dispose());

  async function ask(from: string, id: string): Promise<Said> {
    const response = await worker.dispatchFetch(`http://worker/?${new URLSearchParams({ from, id })}`);
    return (await response.json()) as Said; // as the program answers
  }

  test(`the bare client ${takesCache ? "works" : "cannot send anything"}`, async () => {
    const { id } = await create(handler);
    const { read, message } = await ask("bare", id);
    expect(read).toBe(takesCache ? "first" : undefined);
    if (!takesCache) expect(message).toContain("The 'cache' field");
  });

  test.each(["credentials", "client", "client of Cloudflare"])("a handler works (made from %s)", async (from) => {
    const { id } = await create(handler);
    const before = server.requests.length;
    expect(await ask(from, id)).toEqual({ read: "first" });
    const sent = server.requests.slice(before);
    expect(sent.map(({ headers }) => headers["cache-control"])).toEqual([takesCache ? "no-cache" : undefined]);
  });

  test("a failure names its cause", async () => {
    const said = await ask("nowhere", "a");
    expect(said).toMatchObject({ code: "unavailable", cause: "Network connection lost." });
  });
});

test("in Node.js, no answer is kept for another request", async () => {
  const before = server.requests.length;
  await handler.ping();
  expect(server.requests[before]?.headers["cache-control"]).toBe("no-cache");
});
