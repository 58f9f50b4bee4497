import { expect, test } from "vitest";
import { brokenBy, quotedMutants } from "./quoted.ts";

test.each(await quotedMutants(/./))("the quoted code occurs once in $file: $bug", (mutant) => {
  expect(brokenBy(mutant).source).not.toBe("");
});
