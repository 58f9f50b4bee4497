import { RedisStore } from "connect-redis";
import { createClient } from "redis";
import { createExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import { startApplication } from "./application.ts";

// An application in a process of its own. Says where it can be reached, and runs until it is killed.

const { REDIS_URL: url = "", STORE } = process.env;
const store = STORE === "connect-redis" ? await openConnectRedis() : createExpressStore(createRedisHandler(url));
const application = await startApplication(store);
process.send?.(application.url);

async function openConnectRedis(): Promise<RedisStore> {
  const client = createClient({ url });
  await client.connect();
  return new RedisStore({ client });
}
