import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";

/** The size of a bundle, in bytes. */
export interface BundleSize {
  readonly minified: number;
  readonly gzipped: number;
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
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    external: outside,
    write: false,
    logLevel: "silent",
    ...options,
  });
  const sizes = (outputFiles ?? []).map(({ contents: bytes }) => [bytes.length, gzipSync(bytes, { level: 9 }).length]);
  const [[minified = 0, gzipped = 0] = []] = sizes;
  return { minified, gzipped };
}
