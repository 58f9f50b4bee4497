import { afterAll, expect, test } from "vitest";
import { createBundles, readSource } from "../mutants/bundles.ts";
import { codeBudgets } from "./budgets.ts";
import { codeOverruns, codeRunsIn } from "./code-run.ts";

const bundles = createBundles("memory");
afterAll(() => bundles[Symbol.dispose]());

const file = "src/session/draft/draft.ts";

test("a set and a save run no more files, functions and calls of the core than their budget", {
  timeout: 60_000,
}, async () => {
  const runs = await codeRunsIn(await bundles.write({ file, source: readSource(file) }));
  expect(runs["set, save"]?.files).toBeGreaterThan(5);
  expect(codeOverruns(runs, codeBudgets)).toEqual([]);
});

test("an extra call in a set is detected", { timeout: 60_000 }, async () => {
  const call = "checkName(name)";
  const source = readSource(file);
  expect(source).toContain(call);
  const runs = await codeRunsIn(await bundles.write({ file, source: source.replaceAll(call, `checkName(${call})`) }));
  expect(codeOverruns(runs, codeBudgets)).toContainEqual(expect.stringMatching(/^set, save: \d+ calls/));
});
