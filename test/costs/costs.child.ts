import { end } from "../processes/processes.ts";
import { type CoreParts, instantOperations } from "./instant-operations.ts";
import { type Cost, measure } from "./measure.ts";
import { type RedisParts, redisOperations } from "./redis-operations.ts";

// Measures the operations, each by its name, and reports their costs.

const { REDIS_URL: url, PARTS: module, ONLY: only = "" } = process.env;
const parts = module === undefined ? await ofThePackage() : ((await import(module)) as CoreParts & RedisParts); // all of them
const operations = url === undefined ? instantOperations(parts) : await redisOperations(parts, url);
const costs: Record<string, Cost> = {};
for (const operation of operations) {
  if (operation.name.includes(only)) costs[operation.name] = await measure(operation);
}
end(costs);
process.exit();

async function ofThePackage(): Promise<CoreParts & RedisParts> {
  const [core, backend, redis, express] = await Promise.all([
    import("sessionwire"),
    import("sessionwire/backend"),
    import("sessionwire/redis"),
    import("sessionwire/express"),
  ]);
  return { ...core, ...backend, ...redis, ...express };
}
