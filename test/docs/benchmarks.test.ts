import { expect, test } from "vitest";
import { makePage, readPage } from "../../bench/page/page.ts";

test("the page on benchmarks and its picture show what was measured (`npm run bench:all` writes them)", () => {
  const made = makePage();
  expect(made.markdown.split("\n| ").length).toBeGreaterThan(50);
  expect(readPage()).toEqual(made);
});
