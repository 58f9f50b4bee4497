import { withConnectionCheck, withTimeout } from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { afterAll, expect, test } from "vitest";
import { checksOf } from "./cases.ts";
import { mutants } from "./mutants.ts";
import { createMutants } from "./mutate.ts";
import { ignoreUnhandledRejections } from "./unhandled.ts";
import { isRefuted } from "./within.ts";

/** A law whose check nothing can fail is not tested: for each there is a broken version that a case of that law must catch. */
const numbers = new Set(
  checksOf({ createGuardedHandler, withConnectionCheck, withTimeout, createMemoryHandler }).map(({ law }) => law),
);

const copies = createMutants();
afterAll(() => copies[Symbol.dispose]());

ignoreUnhandledRejections();

for (const mutant of mutants) {
  test(`${mutant.bug} (law ${mutant.law})`, async () => {
    const cases = checksOf(await copies.load(mutant)).filter(({ law }) => law === mutant.law);
    let isCaught = false;
    for (const { run } of cases) isCaught ||= await isRefuted(run);
    expect(isCaught).toBe(true);
  });
}

test("a copy in which nothing is broken passes every case", async () => {
  const [{ file, from } = { file: "", from: "" }] = mutants;
  const subject = await copies.load({ law: 0, bug: "none", file, from, to: from });
  for (const { name, run } of checksOf(subject)) {
    if (await isRefuted(run)) expect.fail(name);
  }
});

test("every law has a broken version that its check catches", () => {
  const broken = new Set(mutants.map(({ law }) => law));
  expect([...numbers].filter((law) => !broken.has(law))).toEqual([112]); // in `mutants-of-listing.test.ts`
});
