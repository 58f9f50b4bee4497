import fc from "fast-check";
import * as core from "sessionwire";
import * as backend from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { test } from "vitest";
import type { Subject } from "../laws/law.ts";
import { properties } from "./handler-properties.ts";

const subject: Subject = { ...core, ...backend, createMemoryHandler };

for (const [says, property] of Object.entries(properties)) {
  test(says, () => fc.assert(property(subject), { numRuns: 300 }));
}
