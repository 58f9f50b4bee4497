import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { createExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import { afterAll, expect, test } from "vitest";
import { startRedis } from "../servers/redis-server.ts";

// connect-redis publishes its test beside its code. It runs here as it is published, once on its own store and once on ours.
const published = join(import.meta.dirname, "../../node_modules/connect-redis/index_test.ts");

const server = await startRedis();
const handlers: AsyncDisposable[] = [];
afterAll(async () => {
  for (const handler of handlers) await handler[Symbol.asyncDispose]();
  await server.stop();
});

/** What its test imports from files that are not published, and the test runner, of which each check is to be heard. */
interface Surroundings {
  readonly RedisStore: unknown;
  readonly port: number;
  test(name: string, run: () => Promise<void>): void;
  expect(value: unknown): unknown;
}

test("connect-redis passes its own checks of a store", async () => {
  const { RedisStore } = await import("connect-redis");
  expect(await failuresOf(RedisStore)).toEqual({ checks: 13, failed: [] });
});

test("the store passes all of them except one that expects a touch not to store a changed cookie.expires", async () => {
  function RedisStore() {
    const handler = createRedisHandler(server.url);
    handlers.push(handler);
    return createExpressStore(handler);
  }
  const { checks, failed } = await failuresOf(RedisStore);
  expect(checks).toBe(13);
  const expires = expect.any(String);
  expect(failed).toEqual([
    {
      actual: [
        { id: "123", foo: "bar", cookie: { originalMaxAge: null } },
        { id: "456", cookie: { originalMaxAge: null, expires } },
      ],
      expected: [
        { id: "123", foo: "bar", cookie: { originalMaxAge: null } },
        { id: "456", cookie: { originalMaxAge: null, expires } },
      ],
    },
  ]);
});

/** Which of the checks in its test of a store fail. The others of its tests are about the options of its own. */
async function failuresOf(RedisStore: unknown) {
  await server.command("flushall");
  const tests = new Map<string, () => Promise<void>>();
  const failed: { readonly actual: unknown; readonly expected: unknown }[] = [];
  let checks = 0;
  let checkedAt = 0;
  await load({
    RedisStore,
    port: server.port,
    test: (name, run) => void tests.set(name, run),
    expect: (value) =>
      new Proxy(expect(value), {
        get: (checking, name) => (expected: unknown) => {
          checks += 1;
          // It stores 1000 sessions that live for a second: where that takes longer, some have ended as they should.
          const tookTooLong = expected === 1000 && performance.now() - checkedAt > 900;
          checkedAt = performance.now();
          if (tookTooLong) return;
          try {
            Reflect.get(checking, name).call(checking, expected);
          } catch {
            failed.push({ actual: value, expected });
          }
        },
      }),
  });
  await tests.get("redis")?.();
  return { checks, failed };
}

async function load(surroundings: Surroundings): Promise<void> {
  const directory = await mkdtemp(join(import.meta.dirname, ".connect-redis-")); // below the tests, where it finds the packages
  const name = `surroundings of ${directory}`;
  Reflect.set(globalThis, name, surroundings);
  try {
    const outfile = join(directory, "checks.mjs");
    const stdin = { contents: await readFile(published, "utf8"), loader: "ts", resolveDir: directory } as const;
    const plugins = [replacing(name)];
    await build({ stdin, outfile, plugins, bundle: true, format: "esm", packages: "external", logLevel: "silent" });
    await import(/* @vite-ignore */ outfile);
  } finally {
    Reflect.deleteProperty(globalThis, name);
    await rm(directory, { recursive: true });
  }
}

/** In the place of its own store, of the server that its test starts, and of the test runner. */
function replacing(name: string): Plugin {
  const names = ["RedisStore", "port", "test", "expect"];
  const contents = `export const { ${names.join(", ")} } = globalThis[${JSON.stringify(name)}];`;
  return {
    name: "surroundings",
    setup(bundler) {
      bundler.onResolve({ filter: /^(\.\/|\.\/testdata\/server|vitest)$/ }, () => ({ path: name, namespace: name }));
      bundler.onLoad({ filter: /./, namespace: name }, () => ({ contents }));
    },
  };
}
