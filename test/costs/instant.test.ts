import { afterAll, expect, test } from "vitest";
import { createBundles, readSource } from "../mutants/bundles.ts";
import { costsOf, overruns } from "./costs.ts";

const bundles = createBundles();
afterAll(() => bundles[Symbol.dispose]());

test("an operation on a store that answers at once makes no more promises, timers and bytes than its budget has", async () => {
  const costs = await costsOf({});
  expect(Object.keys(costs)).toContain("instant guarded.read");
  expect(overruns(costs)).toEqual([]);
});

test("a layer that comes back into the guarded handler is found", async () => {
  expect(
    await overrunsWith("src/backend/guarded-handler.ts", "checkRead(id, options);", "guarded.read"),
  ).toContainEqual(expect.stringMatching(/guarded\.read: \d+ promises/));
});

test("a layer that comes back into the decorators is found", async () => {
  expect(await overrunsWith("src/decorators/decorate.ts", "checkRead(id, options);", "no hook.read")).toContainEqual(
    expect.stringMatching(/no hook\.read: \d+ promises/),
  );
});

/** With an `await` in front of the line. */
async function overrunsWith(file: string, line: string, only: string): Promise<string[]> {
  const source = readSource(file);
  expect(source).toContain(line);
  const broken = await bundles.write({ file, source: source.replace(line, `await undefined; ${line}`) });
  return overruns(await costsOf({ PARTS: broken, ONLY: only }));
}
