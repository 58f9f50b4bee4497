import { readFileSync } from "node:fs";
import { compareImports } from "./imports/compare.ts";
import { runBench } from "./tools/bench.ts";

// Measures the cost of importing the package, each time in a fresh process.
await runBench(async ({ report, isQuick, pick }) => {
  const { name, exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const subpaths = Object.keys(exports).filter((subpath) => subpath !== "./package.json");
  const modules = subpaths.map((subpath) => name + subpath.slice(1));
  report.add({
    id: "imports",
    title: "Import of a module, with all that it imports",
    columns: ["CPU ms", "80 %"],
    rows: await compareImports(isQuick ? modules.slice(0, 1) : modules, pick(9, 1)),
  });
});
