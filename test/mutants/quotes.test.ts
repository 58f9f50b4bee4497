import { expect, test } from "vitest";
import { brokenBy, quotedMutants } from "./quoted.ts";

test.each(await quotedMutants(/./))("what is quoted stands once in $file: $bug", (mutant) => {
  expect(brokenBy(mutant).source).not.toBe("");
});
