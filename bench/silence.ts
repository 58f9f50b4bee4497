import { RedisStore } from "connect-redis";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { startProxy } from "../test/faults/proxy.ts";
import { obtainRedisServer } from "../test/servers/redis-binary.ts";
import { startRedis } from "../test/servers/redis-server.ts";

/**
 * Measures a read on a connection that was silently dropped while idle. All clients run at once, on a real server
 * behind a proxy that swallows everything on existing connections, including FIN and SYN, and lets new ones pass.
 *
 * Usage: npm run bench:silence -- 120 (seconds after which a read that still waits is given up; 20 by default)
 */
const capMs = Number(process.argv[2] ?? 20) * 1000;

type Read = () => Promise<unknown>;
interface Variant {
  readonly name: string;
  readonly read: Read;
}

obtainRedisServer();
await using server = await startRedis();
await using proxy = await startProxy(server);

const variants = await connect(proxy.url);
await Promise.all(variants.map(({ read }) => read()));
proxy.silence();
await new Promise((resolve) => setTimeout(resolve, 1100)); // longer than `everySeconds` below

const lines = await Promise.all(
  variants.map(async ({ name, read }) => {
    const first = await timed(read);
    const second = await timed(read);
    return `${name.padEnd(52)} ${first.padEnd(32)} ${second}`;
  }),
);
console.log(`${"".padEnd(52)} ${"first read".padEnd(32)} next read`);
for (const line of lines) console.log(line);
// Hanging clients cannot be asked to end.
process.exit();

async function connect(url: string): Promise<Variant[]> {
  const ioredis = new Redis(url);
  const impatient = new Redis(url, { commandTimeout: 500 });
  const nodeRedis = await createClient({ url }).on("error", ignore).connect();
  const store = new RedisStore({ client: await createClient({ url }).on("error", ignore).connect() });
  const handler = createRedisHandler(url);
  const checked = withConnectionCheck(createRedisHandler(url), { everySeconds: 1 });
  return [
    { name: "ioredis, default options", read: () => ioredis.get("a") },
    { name: "ioredis, commandTimeout 500", read: () => impatient.get("a") },
    { name: "node-redis, default options", read: () => nodeRedis.get("a") },
    { name: "connect-redis with node-redis", read: () => store.get("a") },
    { name: "createRedisHandler", read: () => handler.read("a") },
    { name: "withConnectionCheck(createRedisHandler)", read: () => checked.read("a") },
  ];
}

async function timed(read: Read): Promise<string> {
  const startedAt = performance.now();
  const cap = new Promise<string>((resolve) => setTimeout(() => resolve("still waiting"), capMs));
  const outcome = await Promise.race([read().then(() => "answered", failure), cap]);
  return `${outcome} after ${Math.round(performance.now() - startedAt)} ms`;
}

function failure(error: unknown): string {
  return `failed (${error instanceof Error && "code" in error ? error.code : String(error)})`;
}

function ignore(): void {}
