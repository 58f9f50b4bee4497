import * as core from "sessionwire";
import * as backend from "sessionwire/backend";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { expect, test } from "vitest";
import { readSource } from "../mutants/bundles.ts";
import { failingCheck } from "./checks.ts";
import { createCopy } from "./copy.ts";
import { isUnderLaws } from "./guardians.ts";
import { drawMutations, mutationsOf } from "./mutations.ts";
import { sourcesUnder, tryAll } from "./run.ts";
import { disagreements, readSurvivors, type Tried } from "./survivors.ts";

/** Always the same ones of those that the laws and contracts are there to find; `npm run mutation` tries others, of all files. */
const seed = "1";
const share = 1 / 1300;

test("the unchanged sources pass all checks", async () => {
  expect(await failingCheck({ ...backend, ...core, createMemoryHandler, createExpressStore })).toBeUndefined();
}, 120_000);

test("each mutant of a sample is detected, or is listed with the reason why it is not", async () => {
  const mutations = sourcesUnder("src", "adapters")
    .filter(isUnderLaws)
    .flatMap((file) => mutationsOf(file));
  const survivors = readSurvivors();
  const tried: Tried[] = [];
  const sample = drawMutations(mutations, seed, share);
  expect(sample.length).toBeGreaterThan(10);
  for await (const each of tryAll(sample, { withTests: false, survivors })) tried.push(each);
  expect(disagreements(survivors, tried)).toEqual([]);
}, 600_000);

test("a copy of the repository distinguishes changes that its tests detect from others", async () => {
  using copy = createCopy();
  const file = "adapters/memory/expiring-sessions.ts";
  const source = readSource(file);
  const [before, after] = source.split("this.#table.size > maxSessions ||");
  const change = (to: string) => copy.try({ file, source: `${before}${to}${after}` }, ["memory/memory.test"]);
  expect(await change("this.#table.size > maxSessions + 1 ||")).toBe("found");
  expect(await change("this.#table > maxSessions ||")).toBe("refused");
  expect(await change("maxSessions < this.#table.size ||")).toBe("survived");
}, 120_000);
