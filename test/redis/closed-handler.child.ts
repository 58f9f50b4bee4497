import { withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { startProxy } from "../faults/proxy.ts";
import { failureOf } from "./settling.ts";

// Closes a handler with calls under way on a connection that answers no more, in all stages that a call goes through. Nothing
// here ends the process: that it ends shows that nothing keeps it alive.

const timeoutMs = 60_000;
const limits = { everySeconds: 0, pingTimeoutMs: 50, reconnectTimeoutMs: timeoutMs };
const url = String(process.env.REDIS_URL);

const proxy = await startProxy({ port: Number(new URL(url).port) });
const inUse = createRedisHandler(proxy.url, { timeoutMs });
const reconnecting = withConnectionCheck(createRedisHandler(proxy.url, { timeoutMs }), limits);
const opening = createRedisHandler(proxy.url, { timeoutMs });
await Promise.all([inUse.ping(), reconnecting.ping()]);

proxy.silence();
proxy.newConnections = "silent";
const codes = [inUse, reconnecting, opening].map(async (handler) => (await failureOf(handler.read("id"))).code);
while (proxy.accepted < 4) await new Promise((resolve) => setTimeout(resolve, 5));
for (const handler of [inUse, reconnecting, opening]) await handler.close();
console.log(JSON.stringify(await Promise.all(codes)));
while (proxy.open > 0) await new Promise((resolve) => setTimeout(resolve, 5)); // for ever, if one is left
await proxy.close();
