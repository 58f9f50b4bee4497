import fc from "fast-check";
import * as core from "sessionwire";
import * as backend from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { test } from "vitest";
import type { Subject } from "../laws/law.ts";
import { hashingProperty, migrationProperty } from "./migration.ts";

const subject: Subject = { ...core, ...backend, createMemoryHandler };

test("a session that moves while several processes use it remains one session", () =>
  fc.assert(migrationProperty(subject), { numRuns: 500 }));

test("so does one that moves to its hashed key, and its id leaves the store", () =>
  fc.assert(hashingProperty(subject), { numRuns: 500 }));
