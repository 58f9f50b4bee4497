import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startUpstash, type UpstashServer } from "../servers/upstash-server.ts";

let server: UpstashServer;
beforeAll(async () => {
  server = await startUpstash();
});
afterAll(() => server.stop());

/** What a worker at the edge runs: nothing of it is of Node. */
const worker = `
  import { createSessionManager, withConnectionCheck } from "sessionwire";
  import { createUpstashHandler } from "sessionwire/upstash";
  globalThis.work = async (address) => {
    const sessions = createSessionManager({ handler: withConnectionCheck(createUpstashHandler(address)) });
    const session = await sessions.create();
    session.set("name", "Ann \\u00e9\\u{1f468}");
    await session.save();
    await sessions.update(session.id, (s) => s.update("visits", (n = 0) => n + 1));
    const again = await sessions.open(session.id);
    const found = [again.get("name"), again.get("visits")];
    await again.destroy();
    return [...found, await sessions.open(session.id)];
  };
`;

test("core and adapter are bundled for a browser without anything of Node, and work where there is nothing of it", async () => {
  const bundle = await build({
    stdin: { contents: worker, resolveDir: join(import.meta.dirname, "../.."), loader: "js" },
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser", // a built-in module of Node is an error there
    metafile: true,
    logLevel: "silent",
  });
  expect(bundle.warnings).toEqual([]);
  const inputs = Object.values(bundle.metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(inputs.filter((path) => path.startsWith("node:"))).toEqual([]);
  const ours = Object.entries(bundle.metafile.outputs).flatMap(([, { inputs }]) =>
    Object.entries(inputs).filter(([path]) => !path.includes("node_modules")),
  );
  console.info(
    `core and adapter: ${Math.round(ours.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0) / 1024)} KiB`,
  );

  // Without `process`, `Buffer`, `require` and all that only Node has.
  const web = { fetch, Headers, Request, Response, Blob, AbortController, AbortSignal, TextEncoder, TextDecoder, URL };
  const more = {
    crypto,
    performance,
    atob,
    btoa,
    structuredClone,
    setTimeout,
    clearTimeout,
    queueMicrotask,
    EventTarget,
    Event,
    console,
  };
  const context = createContext({ ...web, ...more });
  runInContext(bundle.outputFiles[0]?.text ?? "", context);
  const { url, token } = server;
  const result = await runInContext(`work(${JSON.stringify({ url, token })})`, context);
  expect([...result]).toEqual(["Ann \u00e9\u{1f468}", 1, undefined]);
});
