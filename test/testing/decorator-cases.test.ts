import { type StoredSession, withTimeout } from "sessionwire";
import { type Decorate, type DecoratorCasesOptions, decoratorCases } from "sessionwire/testing";
import { decoratorMutants } from "sessionwire/testing/properties";
import { describe, expect, test } from "vitest";
import { inThisOrder } from "../laws/cases.ts";
import { isRefuted } from "../laws/within.ts";
import { decoratorMutants as ofStacks } from "./decorator-mutants.ts";

const mutants = decoratorMutants();

describe("the cases of a decorator find", () => {
  test.each(mutants)("one that $bug (law $law)", async ({ subject }) => {
    expect(await isFound(subject)).toBe(true);
  });
});

test.each(ofStacks)("the cases of law $law find that $bug", async ({ law, subject, options }) => {
  const cases = law === 104 ? inThisOrder(decoratorCases(subject, options)) : decoratorCases(subject, options);
  const failures = await Promise.all(cases.filter((each) => each.law === law).map(({ run }) => isRefuted(run)));
  expect(failures).toContain(true);
});

test("the cases of a decorator leave out its declared exceptions, and say why", () => {
  const cases = decoratorCases(withMask, { exceptions: { 54: "it tries again", 31: "no limit" } });
  const skipped = cases.filter((each) => each.skipped !== undefined);
  expect(skipped.map(({ law }) => law)).toEqual([54, 103, 103]);
  for (const { name, skipped: reason } of skipped)
    expect(name).toMatch(new RegExp(`\\(law \\d+\\): skipped, ${reason}$`));
  const around = decoratorCases(withMask, { exceptions: { 103: "another contract" } });
  expect(around.filter(({ law, skipped }) => law === 103 && skipped === undefined)).toEqual([]);
});

describe("the cases of a decorator that transforms bytes", () => {
  test("hold for one that stores masked bytes", async () => {
    expect(await failuresOf(withMask, { changesBytes: true })).toEqual([]);
  });

  test("leave out that bytes pass unchanged, and nothing else", async () => {
    expect(new Set(await failuresOf(withMask))).toEqual(new Set([56, 57]));
  });

  test.each(mutants)("find one that $bug (law $law)", async ({ bug, subject }) => {
    // Whoever changes the bytes has to answer with other objects.
    expect(await isFound(subject, { changesBytes: true })).toBe(bug !== "returns copies of answers");
  });
});

async function isFound(decorate: Decorate, options: DecoratorCasesOptions = {}): Promise<boolean> {
  for (const { run } of decoratorCases(decorate, options)) if (await isRefuted(run)) return true;
  return false;
}

async function failuresOf(decorate: Decorate, options: DecoratorCasesOptions = {}): Promise<number[]> {
  const failures: number[] = [];
  for (const { law, run } of decoratorCases(decorate, options)) if (await isRefuted(run)) failures.push(law);
  return failures;
}

/** Stores other bytes, as an encryption would, and keeps everything else. */
const withMask: Decorate = (handler, clock) => {
  const { read, write, destroy, ...outer } = withTimeout(handler, { clock });
  const mask = (data: Uint8Array) => (data instanceof Uint8Array ? data.map((byte) => byte ^ 0x55) : data);
  const shown = (session: StoredSession | undefined) => session && { ...session, data: mask(session.data) };
  return {
    ...outer,
    read: async (id, options) => shown(await read(id, options)),
    async write(id, data, options) {
      const result = await write(id, mask(data), options);
      return result.written ? result : { ...result, current: shown(result.current) };
    },
    async destroy(id, options) {
      const result = await destroy(id, options);
      return result.destroyed ? result : { ...result, current: shown(result.current) };
    },
  };
};
