import { basename, join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build, type Metafile, type OutputFile } from "esbuild";

/** The size of some files, in bytes. */
export interface FileSize {
  readonly minified: number;
  readonly gzipped: number;
}

/** The size of a bundle: of the files that are loaded at the start, and of those that are loaded when they are needed. */
export interface BundleSize extends FileSize {
  readonly later?: FileSize | undefined;
}

interface Program {
  readonly contents: string;
  readonly options?: BuildOptions;
}

const root = join(import.meta.dirname, "../..");

/** Clients and frameworks, which an application has anyway. */
const outside = ["express-session", "ioredis", "ws"];

/** Programs that use this package, each as it would be bundled by an application. */
const programs = {
  "the core": {
    contents: 'export { createSessionManager } from "sessionwire";',
  },
  "the core, in memory": {
    contents: `
      export { createSessionManager } from "sessionwire";
      export { createMemoryHandler } from "sessionwire/memory";
    `,
  },
  "Redis, with the connection check": {
    contents: `
      export { withConnectionCheck } from "sessionwire";
      export { createRedisHandler } from "sessionwire/redis";
    `,
  },
  "Express on Redis, with the connection check": {
    contents: `
      export { withConnectionCheck } from "sessionwire";
      export { createExpressStore } from "sessionwire/express";
      export { createRedisHandler } from "sessionwire/redis";
    `,
  },
  "ws on Redis": {
    contents: `
      export { createSessionManager } from "sessionwire";
      export { createRedisHandler } from "sessionwire/redis";
      export { attachSessions } from "sessionwire/ws";
    `,
  },
  "Upstash at the edge": {
    contents: `
      export { createSessionManager } from "sessionwire";
      export { createUpstashHandler } from "sessionwire/upstash";
    `,
    options: { platform: "browser" },
  },
} satisfies Record<string, Program>;

/** The programs by name, with the sizes of their bundles. */
export async function measureBundles(): Promise<ReadonlyMap<string, BundleSize>> {
  const sizes = new Map<string, BundleSize>();
  for (const [name, program] of Object.entries<Program>(programs)) sizes.set(name, await measureBundle(program));
  return sizes;
}

/** The bundle of a whole package, which is found from `folder`. */
export function measurePackage(name: string, folder = root): Promise<BundleSize> {
  const external = outside.filter((each) => each !== name);
  return measureBundle({ contents: `export * from ${JSON.stringify(name)};`, options: { external } }, folder);
}

async function measureBundle({ contents, options }: Program, resolveDir = root): Promise<BundleSize> {
  const { outputFiles = [], metafile } = await build({
    stdin: { contents, resolveDir, sourcefile: "program.js" },
    bundle: true,
    splitting: true,
    minify: true,
    platform: "node",
    format: "esm",
    external: outside,
    write: false,
    metafile: true,
    outdir: root,
    absWorkingDir: root,
    logLevel: "silent",
    ...options,
  });
  const atStart = loadedWith("program.js", metafile?.outputs ?? {});
  const isAtStart = ({ path }: OutputFile) => atStart.has(relative(root, path));
  const later = outputFiles.filter((file) => !isAtStart(file));
  return { ...sizeOf(outputFiles.filter(isAtStart)), ...(later.length > 0 && { later: sizeOf(later) }) };
}

/** The file of a bundle that is loaded first, with those that it imports statically. */
function loadedWith(entry: string, outputs: Metafile["outputs"]): ReadonlySet<string> {
  const first = Object.keys(outputs).find((path) => basename(outputs[path]?.entryPoint ?? "") === entry);
  if (first === undefined) throw new Error("The bundle has no file that is loaded first.");
  const loaded = new Set([first]);
  for (const path of loaded) {
    for (const { path: imported, kind, external } of outputs[path]?.imports ?? []) {
      if (kind === "import-statement" && !external) loaded.add(imported);
    }
  }
  return loaded;
}

/** Adds up the sizes of files, each of which is compressed by itself. */
function sizeOf(files: readonly OutputFile[]): FileSize {
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  return {
    minified: sum(files.map(({ contents }) => contents.length)),
    gzipped: sum(files.map(({ contents }) => gzipSync(contents, { level: 9 }).length)),
  };
}
