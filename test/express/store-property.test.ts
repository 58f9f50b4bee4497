import fc from "fast-check";
import * as core from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import type { ProcessPlan } from "sessionwire/testing/properties";
import { test } from "vitest";
import type { Parts } from "../session/properties/parts.ts";
import { expressStoreProperty } from "./store-property.ts";

const parts: Parts = { ...core, createGuardedHandler, createExpressStore, createMemoryHandler };

test("overlapping requests of express-session lose nothing", async () => {
  await fc.assert(expressStoreProperty("stored")(parts), { numRuns: 300 });
});

test("requests of express-session that create a session together lose nothing", async () => {
  const examples: [ProcessPlan[], string[]][] = [
    [[whereTimeIsUp(["begin to store", "begin to store", "set own", "add", "store"]), whereTimeIsUp(["get"])], []],
  ];
  await fc.assert(expressStoreProperty("created together")(parts), { numRuns: 300, examples });
});

function whereTimeIsUp(...plans: string[][]): ProcessPlan {
  return { lossesAre: "timeouts", maxConflicts: 100, plans };
}
