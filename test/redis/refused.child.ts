import { createRedisHandler } from "sessionwire/redis";
import { failureOf } from "./settling.ts";

// Tells what is left in the process once a connection has been refused and its socket is gone.

const handler = createRedisHandler(String(process.env.REDIS_URL));
const { code } = await failureOf(handler.read("id"));
const left = (kind: string) => process.getActiveResourcesInfo().filter((resource) => resource.startsWith(kind));
while (left("TCP").length > 0) await new Promise((resolve) => setImmediate(resolve));
console.log(JSON.stringify({ code, timers: left("Timeout").length }));
