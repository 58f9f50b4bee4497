import { once } from "node:events";
import { explain, isExpected, Mistake } from "../explain.ts";
import { checkReachable, readStoreAddress } from "../redis-address.ts";
import { startChat } from "./chat.ts";
import { startSymfony } from "./php.ts";
import { freePort, type Program } from "./program.ts";
import { startRedis } from "./redis.ts";
import { checkRequirements } from "./requirements.ts";

const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);

try {
  await run();
} catch (error) {
  if (!isExpected(error)) throw error;
  console.error(explain(error));
  process.exit(1); // a pending connection would keep the process alive
}

/** Serves the three parts until a signal comes, or one of them ends. */
async function run(): Promise<void> {
  const { SESSION_STORE: address, PORT } = process.env;
  await checkRequirements({ needsRedis: !address });
  await using redis = address ? await openRedis(address) : await startRedis();
  const [port, chatPort] = [await freePort(Number(PORT || 8000)), await freePort(0)];
  const origins = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  await using _chat = await startChat({ redisUrl: redis.url, port: chatPort, origins });
  await using symfony = await startSymfony({ redisUrl: redis.url, port, chatPort });
  console.log(`Sessions are kept in ${redis.url}, the chat is served by Node on port ${chatPort}.`);
  console.log(`Symfony is at ${origins[0]}`);
  await Promise.race([stopped, redis.failed, symfony.failed]);
}

/** Returns a server that runs. */
async function openRedis(address: string): Promise<Program & { readonly url: string }> {
  const url = readStoreAddress(address);
  if (url === undefined) throw new Mistake("Symfony cannot read what is in the memory of Node: name a Redis instead.");
  await checkReachable(url);
  return { url: url.href, failed: new Promise(() => {}), async [Symbol.asyncDispose]() {} };
}
