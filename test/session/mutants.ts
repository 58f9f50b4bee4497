import { afterAll, expect, test } from "vitest";
import { createMutants, type Mutant } from "../laws/mutate.ts";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { isRefuted } from "../laws/within.ts";
import { casesOf } from "./cases.ts";
import type { SessionSubject } from "./subject.ts";

/** Tests that each broken version is caught by a check of the law that it breaks. */
export function testMutants(mutants: readonly Mutant[]): void {
  const copies = createMutants<SessionSubject>("memory", "express");
  afterAll(() => copies[Symbol.dispose]());

  ignoreUnhandledRejections();

  for (const mutant of mutants) {
    test(`${mutant.bug} (law ${mutant.law})`, async () => {
      expect(await isCaught(mutant, await copies.load(mutant))).toBe(true);
    });
  }
}

async function isCaught({ law }: Mutant, subject: SessionSubject): Promise<boolean> {
  const cases = Object.values(casesOf(subject)).flat();
  for (const { run } of cases.filter((each) => each.law === law && each.skipped === undefined)) {
    if (await isRefuted(run)) return true;
  }
  return false;
}
