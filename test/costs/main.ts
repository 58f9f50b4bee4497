import { createBundles, readSource } from "../mutants/bundles.ts";
import { startRedis } from "../servers/redis-server.ts";
import { budgets, codeBudgets } from "./budgets.ts";
import { codeOverruns, codeRunsIn } from "./code-run.ts";
import { costsOf, overruns } from "./costs.ts";

// Prints what each operation costs, and how much code of the core one `session.set` and `save` run, beside what they may.

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
using bundles = createBundles("memory");
const file = "src/index.ts";
const runs = await codeRunsIn(await bundles.write({ file, source: readSource(file) })); // as it is
const codeRows = Object.entries(runs).map(([name, { files, functions, calls }]) => {
  const allowed = codeBudgets[name];
  return [
    name,
    {
      files,
      "files allowed": allowed?.files,
      functions,
      "functions allowed": allowed?.functions,
      calls,
      "calls allowed": allowed?.calls,
    },
  ];
});
console.table(Object.fromEntries(codeRows));
const complaints = [...overruns(costs), ...codeOverruns(runs, codeBudgets)];
for (const complaint of complaints) console.log(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;
