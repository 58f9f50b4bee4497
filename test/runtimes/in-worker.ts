import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare, type Request, Response } from "miniflare";
import type { Report } from "./report.ts";
import type { StoreLink } from "./stores.ts";

/** Lets Cloudflare's runtime execute the cases, as a Worker with all modules in one. */
export async function runInWorker({ sources, ask }: StoreLink): Promise<Report> {
  const worker = new Miniflare({
    modules: true,
    script: await bundle(),
    compatibilityDate: "2026-04-01",
    compatibilityFlags: ["nodejs_compat"], // for the checks: `node:assert`
    bindings: { SOURCES: sources as unknown as Record<string, never> }, // plain data
    serviceBindings: {
      async ASK(request: Request) {
        await ask((await request.json()) as Parameters<typeof ask>[0]); // as the Worker has it
        return new Response();
      },
    },
  });
  try {
    const response = await worker.dispatchFetch("http://localhost/");
    const said = response.ok ? await response.json() : { results: [], complaint: await response.text() };
    return { exitCode: 0, complaint: "", ...(said as Pick<Report, "version" | "results">) };
  } finally {
    await worker.dispose();
  }
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "cases.worker.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
    // For express-session, whose parts call for what Node.js has.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' },
  });
  return outputFiles[0]?.text ?? "";
}
