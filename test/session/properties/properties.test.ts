import * as core from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { checkContract } from "sessionwire/testing/properties";
import { test } from "vitest";
import { managersOf, type Parts } from "./parts.ts";
import { contracts } from "./properties.ts";

const parts: Parts = { ...core, createGuardedHandler, createExpressStore, createMemoryHandler };

for (const [says, { format, contractOn }] of Object.entries(contracts)) {
  test(says, () => checkContract(contractOn(parts), managersOf(parts, format), { numRuns: 300 }));
}
