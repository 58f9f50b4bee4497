import { describe, test } from "vitest";
import { subject } from "./subject.ts";
import { turnChecks } from "./turn-checks.ts";

describe.each(["native", "express"] as const)("in the %s format", (formatName) => {
  for (const { claim, check } of turnChecks) test(claim, () => check(subject, formatName));
});
