import { test } from "vitest";
import { subject } from "../session/subject.ts";
import { storeChecks } from "./store-checks.ts";

for (const { claim, check } of storeChecks) test(claim, () => check(subject));
