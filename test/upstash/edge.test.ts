import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";
import { expect, test } from "vitest";
import { create, textOf } from "../redis/session-data.ts";
import { openScene } from "./scene.ts";

const { server, source, handler } = await openScene();

const program = `
  import { createSessionManager, nativeFormat, withConnectionCheck } from "sessionwire";
  import { createUpstashHandler } from "sessionwire/upstash";

  export async function visit({ source, id }) {
    const handler = withConnectionCheck(createUpstashHandler(source), { everySeconds: 0 });
    const sessions = createSessionManager({ handler, format: nativeFormat() });
    const session = await sessions.create();
    session.set("name", "Zo\\u00eb");
    await session.save();
    const again = await sessions.open(session.id);
    const foreign = await handler.read(id);
    await handler.close();
    return { name: again.get("name"), foreign: new TextDecoder().decode(foreign.data) };
  }
`;

/** What the runtimes at the edge have in common. https://min-common-api.proposal.wintertc.org/ */
const webGlobals: readonly string[] = [
  ...["AbortController", "AbortSignal", "Blob", "DOMException", "Event", "EventTarget", "Headers", "Request"],
  ...["Response", "TextDecoder", "TextEncoder", "URL", "URLSearchParams", "Uint8Array", "atob", "btoa"],
  ...["clearTimeout", "crypto", "fetch", "performance", "queueMicrotask", "setTimeout", "structuredClone"],
];

test("a bundle for the edge contains nothing of Node, and is small", async () => {
  const { outputFiles, metafile } = await bundle(program, { format: "esm", minify: true, metafile: true });
  const text = outputFiles?.[0]?.text ?? "";
  expect(text).not.toMatch(/["'`]node:|require\(/);
  const inputs = Object.entries(Object.values(metafile?.outputs ?? {})[0]?.inputs ?? {});
  const own = inputs.filter(([path]) => !path.includes("node_modules"));
  const sizeOf = (entries: typeof inputs) => entries.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  const adapter = sizeOf(own.filter(([path]) => path.includes("adapters/")));
  const figures = [text.length, gzipSync(text).length, sizeOf(own), adapter].map((bytes) => (bytes / 1000).toFixed(1));
  console.info(
    `The bundle has ${figures[0]} kB, ${figures[1]} kB compressed; ${figures[2]} kB are this package, ${figures[3]} kB the adapter.`,
  );
  expect(sizeOf(own)).toBeLessThan(135_000);
  expect(adapter).toBeLessThan(15_000);
});

test("a bundle with a part of Node cannot be built", async () => {
  const redis = program.replaceAll("Upstash", "Redis").replace("sessionwire/upstash", "sessionwire/redis");
  await expect(bundle(redis, { external: ["ioredis"] })).rejects.toThrow('Could not resolve "node:crypto"');
});

test("the bundle stores sessions in an environment with only web APIs", async () => {
  const { id } = await create(handler, "from outside");
  const { outputFiles } = await bundle(program, { format: "iife", globalName: "bundled" });
  const everything: Record<string, unknown> = { ...globalThis };
  const context = createContext(
    Object.fromEntries(webGlobals.map((name) => [name, everything[name] ?? Reflect.get(globalThis, name)])),
  );
  for (const name of ["process", "Buffer", "require", "global", "setImmediate"]) {
    expect(runInContext(`typeof ${name}`, context)).toBe("undefined");
  }
  runInContext(outputFiles?.[0]?.text ?? "", context);
  const before = server.requests.length;
  const visit: unknown = await runInContext("bundled.visit", context)({ source, id });
  expect({ ...(visit as object) }).toEqual({ name: "Zo\u00eb", foreign: "from outside" });
  expect(server.requests.length - before).toBe(6); // a ping before each of the three operations
  expect(textOf(await handler.read(id))).toBe("from outside");
});

function bundle(contents: string, options: BuildOptions) {
  return build({
    stdin: { contents, resolveDir: join(import.meta.dirname, "../..") },
    bundle: true,
    platform: "browser",
    format: "esm",
    write: false,
    logLevel: "silent",
    ...options,
  });
}
