import { describe, test } from "vitest";
import { auditChecks } from "./audit-checks.ts";
import { subject } from "./subject.ts";

describe.each(["native", "express"] as const)("in the %s format", (formatName) => {
  for (const { claim, check } of auditChecks) test(`${claim} (law 138)`, () => check(subject, formatName));
});
