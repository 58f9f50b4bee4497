import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createServer, createServerModuleRunner } from "vite";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";

// On the development server of Vite: each change of a module runs it again, in the same process.

const reloads = 20;

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.command("client", "kill", "type", "normal");
});

async function connections(): Promise<number> {
  const clients = String(await server.command("client", "list", "type", "normal"));
  return clients.split("\n").filter((client) => client.includes("cmd=get")).length;
}

/** Changes a module with this code so many times, which uses the handler that it makes. */
async function reload(code: string): Promise<void> {
  const root = mkdtempSync(join(import.meta.dirname, ".hot-reload-")); // below the package, so that it is found
  const file = join(root, "sessions.js");
  const change = (round: number) =>
    writeFileSync(
      file,
      `import { createRedisHandler } from "sessionwire/redis";
      const url = ${JSON.stringify(server.url)};
      ${code}
      await handler.read("id");
      globalThis.hasReloaded(${round});`,
    );
  const vite = await createServer({
    root,
    configFile: false,
    logLevel: "silent",
    server: { middlewareMode: true, ws: false, watch: null }, // it is told of changes here
    optimizeDeps: { noDiscovery: true },
    ssr: { external: ["sessionwire"] }, // as what is installed is
  });
  const runner = createServerModuleRunner(vite.environments.ssr);
  try {
    for (let round = 0; round <= reloads; round += 1) {
      const reloaded = new Promise((resolve) => Object.assign(globalThis, { hasReloaded: resolve }));
      change(round);
      if (round === 0) await runner.import("/sessions.js");
      else vite.watcher.emit("change", file);
      expect(await reloaded).toBe(round);
    }
  } finally {
    await runner.close();
    await vite.close();
    rmSync(root, { recursive: true, force: true });
  }
}

test("a handler that is created at each reload leaves a connection each time", async () => {
  await reload("const handler = createRedisHandler(url);");
  expect(await connections()).toBe(reloads + 1);
});

test("a handler that is stored beyond the reach of reloads has one", async () => {
  await reload("const handler = (globalThis.sessionHandler ??= createRedisHandler(url));");
  expect(await connections()).toBe(1);
});

test("a handler that is closed when its module is replaced has one", async () => {
  await reload(`
    const handler = createRedisHandler(url);
    import.meta.hot?.accept();
    import.meta.hot?.dispose(() => handler.close());`);
  await expect.poll(connections).toBe(1); // the server may hear a little later of the end of the last one
});
