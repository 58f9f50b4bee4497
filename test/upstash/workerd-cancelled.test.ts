// @module-tag real-time

import { request } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, expect, test, vi } from "vitest";
import { openScene } from "./scene.ts";

const { server, source } = await openScene();
const timeoutMs = 1500;

const { outputFiles } = await build({
  stdin: {
    contents: `
      import { createUpstashHandler } from "sessionwire/upstash";
      const handler = createUpstashHandler(${JSON.stringify(source)}, { timeoutMs: ${timeoutMs} });
      export default {
        async fetch(request) {
          await handler[new URL(request.url).pathname.slice(1)]("a");
          return new Response("done");
        },
      };
    `,
    resolveDir: join(import.meta.dirname, "../.."),
  },
  bundle: true,
  format: "esm",
  write: false,
});
const worker = new Miniflare({
  modules: true,
  script: outputFiles[0]?.text ?? "",
  compatibilityDate: "2026-04-01",
});
afterAll(() => worker.dispose());

test("on a Worker, reads whose visitors have gone away do not count as connections once their time is over", async () => {
  const address = await worker.ready;
  const before = server.requests.length;
  server.next("silence", 5);
  const visits = [1, 2, 3, 4, 5].map(() => request(new URL("/read", address), { agent: false }));
  for (const visit of visits) visit.on("error", () => {}).end();
  await vi.waitUntil(() => server.requests.length === before + visits.length, { timeout: 10_000 });
  for (const visit of visits) visit.socket?.resetAndDestroy();
  const goneMs = performance.now();
  await vi.waitUntil(() => server.requests.slice(before).every(({ wasGivenUp }) => wasGivenUp));
  expect(performance.now() - goneMs).toBeLessThan(timeoutMs / 2); // or the deadline has done it
  await new Promise((resolve) => setTimeout(resolve, timeoutMs + 200));

  expect(await reconnectAndCount()).toBe(5); // as many as there may have been connections
  expect(await reconnectAndCount()).toBe(1);
});

async function reconnectAndCount(): Promise<number> {
  const before = server.requests.length;
  const response = await worker.dispatchFetch("http://worker/reconnect");
  expect(await response.text()).toBe("done");
  return server.requests.length - before;
}
