import { afterAll, expect, test } from "vitest";
import { callLaws } from "./call-laws.ts";
import { connectionCheckLaws } from "./connection-check-laws.ts";
import { decoratorLaws } from "./decorator-laws.ts";
import { handlerLaws } from "./handler-laws.ts";
import type { Law, Subject } from "./law.ts";
import { mutants } from "./mutants.ts";
import { createMutants } from "./mutate.ts";
import { ignoreUnhandledRejections } from "./unhandled.ts";
import { createVirtualClock } from "./virtual-clock.ts";

/** A law whose check nothing can fail is not tested: for each there is a broken version that its check must catch. */
const laws: readonly Law<Subject>[] = [
  ...handlerLaws.map(({ check, ...law }) => ({ ...law, check: (subject: Subject) => check(onMemory(subject)) })),
  ...callLaws,
  ...connectionCheckLaws,
  ...decoratorLaws,
];

const copies = createMutants();
afterAll(() => copies[Symbol.dispose]());

ignoreUnhandledRejections();

for (const mutant of mutants) {
  test(`${mutant.bug} (law ${mutant.law})`, async () => {
    const subject = await copies.load(mutant);
    const failures: unknown[] = [];
    for (const { law, check } of laws) {
      if (law === mutant.law) await withinReason(check(subject)).catch((error: unknown) => failures.push(error));
    }
    expect(failures).not.toHaveLength(0);
  });
}

test("every law has a broken version that its check catches", () => {
  const broken = new Set(mutants.map(({ law }) => law));
  expect(laws.map(({ law }) => law).filter((law) => !broken.has(law))).toEqual([]);
});

function onMemory({ createMemoryHandler }: Subject) {
  const clock = createVirtualClock();
  return { handler: createMemoryHandler({ clock }), advance: clock.advance };
}

/** A check that never ends has failed, too. */
async function withinReason(check: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The check did not end.")), 3000);
  });
  await Promise.race([check, limit]).finally(() => clearTimeout(timer));
}
