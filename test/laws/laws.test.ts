import * as core from "sessionwire";
import * as backend from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { defineCases, handlerCases } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { casesOf } from "./cases.ts";
import { memoryHarnesses } from "./memory-harnesses.ts";

const runner = { describe, it: test };
const parts = { ...core, ...backend, createMemoryHandler };

for (const [name, cases] of Object.entries(casesOf(parts))) defineCases(name, cases, runner);
for (const [name, harness] of Object.entries(memoryHarnesses)) defineCases(name, handlerCases(harness), runner);

test.each(Object.entries(memoryHarnesses))("%s lists, unless its keys are hashed", async (name, { create }) => {
  expect("list" in (await create())).toBe(!name.includes("withHashedKeys"));
});
