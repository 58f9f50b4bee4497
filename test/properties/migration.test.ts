import fc from "fast-check";
import { withConnectionCheck, withMigration, withObserver, withTimeout } from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { test } from "vitest";
import { type MigrationSubject, migrationProperty } from "./migration.ts";

const subject: MigrationSubject = {
  createGuardedHandler,
  withConnectionCheck,
  withObserver,
  withTimeout,
  createMemoryHandler,
  withMigration,
};

test("a session that moves while several processes use it remains one session", () =>
  fc.assert(migrationProperty(subject), { numRuns: 500 }));
