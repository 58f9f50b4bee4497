import { describe, test } from "vitest";
import { subject } from "./subject.ts";
import { writeChecks } from "./write-checks.ts";

describe.each(["native", "express"] as const)("in the %s format", (formatName) => {
  for (const { claim, check } of writeChecks) test(`${claim} (law 145)`, () => check(subject, formatName));
});
