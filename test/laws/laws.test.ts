import { SessionError, withConnectionCheck, withTimeout } from "sessionwire";
import { createGuardedHandler } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { callCases, connectionCheckCases, defineCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { handlerMakers } from "./cases.ts";
import { decoratorLaws } from "./decorator-laws.ts";
import type { Subject } from "./law.ts";
import { listingLaws } from "./list-laws.ts";

const runner = { describe, it: test };
const subject: Subject = { createGuardedHandler, SessionError, withConnectionCheck, withTimeout, createMemoryHandler };

for (const [name, { createHandler, exceptions }] of Object.entries(handlerMakers(subject))) {
  defineCases(`a call under way, on ${name}`, callCases(createHandler, exceptions), runner);
}

defineCases("withConnectionCheck", connectionCheckCases(withConnectionCheck), runner);

describe("decorators", () => {
  for (const { law, says, check } of [...decoratorLaws, ...listingLaws]) {
    test(`${says} (law ${law})`, () => check(subject));
  }
});
