import { afterAll, expect, test } from "vitest";
import { createBundles, readSource } from "../mutants/bundles.ts";
import { costsOf, overruns } from "./costs.ts";

const bundles = createBundles();
afterAll(() => bundles[Symbol.dispose]());

test("an operation on a synchronous store creates no more promises, timers and bytes than its budget", {
  timeout: 120_000,
}, async () => {
  const costs = await costsOf({});
  expect(Object.keys(costs)).toContain("instant guarded.read");
  expect(overruns(costs)).toEqual([]);
});

test("an extra layer in the guarded handler is detected", async () => {
  const found = await overrunsWithLayerIn("src/backend/guarded-handler.ts", "guarded.read");
  expect(found).toContainEqual(expect.stringMatching(/guarded\.read: \d+ promises/));
});

test("an extra layer in the decorators is detected", async () => {
  const found = await overrunsWithLayerIn("src/decorators/decorate.ts", "no hook.read");
  expect(found).toContainEqual(expect.stringMatching(/no hook\.read: \d+ promises/));
});

/** With an `async` function around every read. */
async function overrunsWithLayerIn(file: string, only: string): Promise<string[]> {
  const [before, after] = [
    "read: (id, options) =>\n      attempt(() => {",
    "read: (id, options) =>\n      attempt(async () => {",
  ];
  const source = readSource(file);
  expect(source).toContain(before);
  const broken = await bundles.write({ file, source: source.replace(before, after) });
  return overruns(await costsOf({ PARTS: broken, ONLY: only }));
}
