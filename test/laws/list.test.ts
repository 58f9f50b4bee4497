import { createGuardedHandler, SessionError, withConnectionCheck, withTimeout } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { describe, test } from "vitest";
import type { Subject } from "./law.ts";
import { listingLaws } from "./list-laws.ts";

const real: Subject = { createGuardedHandler, SessionError, withConnectionCheck, withTimeout, createMemoryHandler };

describe("a listing", () => {
  for (const { says, check } of listingLaws) test(says, () => check(real));
});
