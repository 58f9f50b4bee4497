import { afterAll, expect, test } from "vitest";
import { isRefuted } from "../laws/within.ts";
import { cancelOlderRead, cancelSharedWrite } from "../runtimes/workerd-cancelled.ts";
import { startWorkerd } from "../runtimes/workerd-host.ts";
import { startHeldStore } from "../runtimes/workerd-store.ts";
import type { BrokenFile } from "./bundles.ts";
import { brokenBy, ofWorkers, quotedMutants } from "./quoted.ts";

const mutants = (await quotedMutants(/^src/)).filter(({ breaks }) => breaks === ofWorkers);

const store = await startHeldStore();
afterAll(() => store[Symbol.asyncDispose]());

test("the correct version passes", () => check(undefined));

test.each(mutants)("it is detected that $bug", async (mutant) => {
  const broken = brokenBy(mutant);
  expect(await isRefuted(() => check(broken), 15_000)).toBe(true);
});

async function check(broken: BrokenFile | undefined): Promise<void> {
  await using worker = await startWorkerd({ day: "2026-04-01" }, { STORE_URL: store.url }, broken);
  const { visits, answers, said } = await cancelSharedWrite(worker, store, "native", (write) => write.carryOut());
  expect(said).toEqual({ first: "ok", together: ["ok", "ok", "ok"], later: ["ok", "ok"] });
  await visits.expectCounted(answers);
  expect(await cancelOlderRead(worker, store)).toEqual(["timeout undefined"]);
}
