import * as core from "sessionwire";
import * as backend from "sessionwire/backend";
import { createExpressStore } from "sessionwire/express";
import { createMemoryChannel, createMemoryHandler } from "sessionwire/memory";
import { afterAll, describe, expect, test } from "vitest";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { isRefuted } from "../laws/within.ts";
import { caseMutants } from "../testing/case-mutants.ts";
import { decoratorMutants } from "../testing/decorator-mutants.ts";
import { createBundles, readSource } from "./bundles.ts";
import { type AllParts, casesOf, isAbout, isCaught } from "./cases.ts";
import { properties } from "./properties.ts";
import { brokenBy, ofWorkers, quotedMutants } from "./quoted.ts";

/** The number of many laws. */
const LISTING = 112;

/** For what is right: a case that takes long on a busy machine is no failure. */
const unhurriedMs = 30_000;

const all = await quotedMutants(/^src\/(?!sockets)|^adapters\/(memory|express)/);
const cases = casesOf({ ...core, ...backend, createMemoryHandler, createMemoryChannel, createExpressStore });
const mutants = all.filter(({ breaks }) => cases.some((each) => isAbout(each, breaks)));
const bundles = createBundles("memory", "express");
afterAll(() => bundles[Symbol.dispose]());

ignoreUnhandledRejections();

describe("a broken version is caught by a case of the law that it breaks:", () => {
  test.each(mutants)("$file: $bug ($breaks)", async (mutant) => {
    expect(await isCaught(mutant, casesOf(await bundles.load<AllParts>(brokenBy(mutant))))).toBe(true);
  });
});

test("a version without a bug passes every case", async () => {
  const file = "src/errors.ts";
  const parts = await bundles.load<AllParts>({ file, source: readSource(file) });
  for (const { name, run } of casesOf(parts)) if (await isRefuted(run, unhurriedMs)) expect.fail(name);
}, 120_000);

test("every law has a broken version that one of its cases catches, and every case of a listing has one", () => {
  const toBreak = new Set(cases.map(({ law, name }) => (law === undefined || law === LISTING ? name : law)));
  for (const { law } of [...decoratorMutants, ...caseMutants]) toBreak.delete(law);
  for (const { breaks } of mutants) {
    for (const each of toBreak)
      if (typeof breaks === "number" ? each === breaks : String(each).startsWith(breaks)) toBreak.delete(each);
  }
  // Whatever breaks one of these breaks another one, too.
  expect([...toBreak]).toEqual([
    "listing changes neither data nor version nor expiry (law 112)",
    "a cursor may be used again, and leads to the remaining ids (law 112)",
    "a cursor that no page has returned is refused with code failed, or starts somewhere (law 112)",
    "a listing with an aborted signal, or after the close, is refused (law 112)",
  ]);
});

test("every broken version breaks a law, a property or a test on a Worker", () => {
  const elsewhere = all.filter((mutant) => !mutants.includes(mutant)).map(({ breaks }) => String(breaks));
  expect(elsewhere.filter((says) => says !== ofWorkers && !(says in properties))).toEqual([]);
});
