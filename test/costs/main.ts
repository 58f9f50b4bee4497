import { startRedis } from "../servers/redis-server.ts";
import { budgets } from "./budgets.ts";
import { costsOf, overruns } from "./costs.ts";

// Prints what each operation costs, and what it may cost.

await using server = await startRedis();
const costs = { ...(await costsOf({})), ...(await costsOf({ REDIS_URL: server.url })) };
const rows = Object.entries(costs).map(([name, { promises, timers, heapBytes }]) => {
  const allowed = budgets[name];
  return [
    name,
    {
      promises,
      "promises allowed": allowed?.promises,
      timers,
      "timers allowed": allowed?.timers,
      bytes: heapBytes,
      "bytes allowed": allowed?.heapBytes,
    },
  ];
});
console.table(Object.fromEntries(rows));
const complaints = overruns(costs);
for (const complaint of complaints) console.log(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;
