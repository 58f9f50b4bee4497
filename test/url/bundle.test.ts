import { join } from "node:path";
import { type BuildOptions, type BuildResult, build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMemcached } from "../servers/memcached-server.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { startUpstash, type UpstashServer } from "../servers/upstash-server.ts";
import { type Installation, installAlone, program } from "./installation.ts";

let server: RedisServer;
let upstash: UpstashServer;
let installation: Installation;
beforeAll(async () => {
  [server, upstash] = await Promise.all([startRedis(), startUpstash()]);
  installation = installAlone("ioredis");
});
afterAll(async () => {
  installation[Symbol.dispose]();
  await Promise.all([server.stop(), upstash.stop()]);
});

function bundle(contents: string, outfile: string, options: BuildOptions = {}): Promise<BuildResult> {
  const { home } = installation;
  return build({
    stdin: { contents, resolveDir: home },
    outfile: join(home, outfile),
    bundle: true,
    platform: "node",
    format: "esm",
    // ioredis is CommonJS, and asks for the modules of Node as that does.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "silent",
    ...options,
  });
}

test("an adapter cannot be bundled without its client", async () => {
  const result = bundle('import "sessionwire/memcached";', "adapter.mjs");
  await expect(result).rejects.toThrow('Could not resolve "memjs"');
});

describe.each<[string, string, BuildOptions]>([
  ["with the one client that is installed", "inside.mjs", {}],
  ["with the one client left outside", "outside.mjs", { external: ["ioredis"], banner: {} }],
  ["as CommonJS", "inside.cjs", { format: "cjs", banner: {} }],
])("a program that takes any URL is bundled %s", (_, outfile, options) => {
  beforeAll(() => bundle(program, outfile, options));

  test("and stores sessions where that client leads", async () => {
    expect(await installation.run(outfile, server.url)).toBe("kept");
    await server.command("flushall");
  });

  test("and in memory", async () => {
    expect(await installation.run(outfile, "memory:")).toBe("kept");
  });

  test("and in Upstash", async () => {
    expect(await installation.run(outfile, `upstash+http://${upstash.token}@${new URL(upstash.url).host}`)).toBe(
      "kept",
    );
    await upstash.redis.command("flushall");
  });

  test("and names the package to install for another store", async () => {
    expect(await installation.run(outfile, "memcached://127.0.0.1:1")).toBe(
      "TypeError: This store needs the package memjs: npm install memjs",
    );
  });
});

test("the client inside a bundle is the one that works, for Memcached as well", async () => {
  await using memcached = await startMemcached();
  using other = installAlone("memjs");
  await build({
    stdin: { contents: program, resolveDir: other.home },
    outfile: join(other.home, "out.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "silent",
  });
  expect(await other.run("out.cjs", `memcached://${memcached.address}`)).toBe("kept");
});
