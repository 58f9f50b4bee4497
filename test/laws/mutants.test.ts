import { createMemoryHandler } from "sessionwire/memory";
import { createVirtualClock, handlerCases } from "sessionwire/testing";
import { afterAll, expect, test } from "vitest";
import { callLaws } from "./call-laws.ts";
import { connectionCheckLaws } from "./connection-check-laws.ts";
import { decoratorLaws } from "./decorator-laws.ts";
import type { Law, Subject } from "./law.ts";
import { leavingLaws } from "./leaving-laws.ts";
import { mutants } from "./mutants.ts";
import { createMutants } from "./mutate.ts";
import { ignoreUnhandledRejections } from "./unhandled.ts";
import { isRefuted } from "./within.ts";

/** A law whose check nothing can fail is not tested: for each there is a broken version that its check must catch. */
const laws: readonly Law<Subject>[] = [
  ...numberedCases({ createMemoryHandler }).map(({ name, law }, place) => ({
    law,
    says: name,
    check: async (subject: Subject) => numberedCases(subject)[place]?.run(),
  })),
  ...callLaws,
  ...connectionCheckLaws,
  ...decoratorLaws,
  ...leavingLaws,
];

const copies = createMutants();
afterAll(() => copies[Symbol.dispose]());

ignoreUnhandledRejections();

for (const mutant of mutants) {
  test(`${mutant.bug} (law ${mutant.law})`, async () => {
    const subject = await copies.load(mutant);
    const failures: string[] = [];
    for (const { law, says, check } of laws) {
      if (law === mutant.law && (await isRefuted(() => check(subject)))) failures.push(says);
    }
    expect(failures).not.toHaveLength(0);
  });
}

test("every law has a broken version that its check catches", () => {
  const broken = new Set(mutants.map(({ law }) => law));
  expect(laws.map(({ law }) => law).filter((law) => !broken.has(law))).toEqual([]);
});

/** Those of a listing have no number, and are in `list.test.ts`. */
function numberedCases({ createMemoryHandler }: Pick<Subject, "createMemoryHandler">) {
  const clock = createVirtualClock();
  const cases = handlerCases({ create: () => createMemoryHandler({ clock }), advance: clock.advance });
  return cases.flatMap(({ law, ...each }) => (law === undefined ? [] : [{ ...each, law }]));
}
