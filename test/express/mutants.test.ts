import { afterAll, describe, expect, test } from "vitest";
import { createMutants } from "../laws/mutate.ts";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { isRefuted } from "../laws/within.ts";
import type { SessionSubject } from "../session/subject.ts";
import { storeChecks } from "./store-checks.ts";

const copies = createMutants<SessionSubject>("memory", "express");
afterAll(() => copies[Symbol.dispose]());

ignoreUnhandledRejections();

describe.each(storeChecks)("$claim: this check catches", ({ check, mutants }) => {
  test.each(mutants)("$bug", async (mutant) => {
    const broken = await copies.load({ ...mutant, law: 0 });
    expect(await isRefuted(() => check(broken))).toBe(true);
  });
});
