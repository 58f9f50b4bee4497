import { SessionError, withConnectionCheck, withTimeout } from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { defineCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { casesOf } from "./cases.ts";

const parts = { createGuardedHandler, SessionError, withConnectionCheck, withTimeout, createMemoryHandler };

for (const [name, cases] of Object.entries(casesOf(parts))) defineCases(name, cases, { describe, it: test });
