import { createGuardedHandler, SessionError, withConnectionCheck, withTimeout } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { describe, test } from "vitest";
import { callLaws } from "./call-laws.ts";
import { connectionCheckLaws } from "./connection-check-laws.ts";
import { decoratorLaws } from "./decorator-laws.ts";
import type { Subject } from "./law.ts";

const subject: Subject = { createGuardedHandler, SessionError, withConnectionCheck, withTimeout, createMemoryHandler };

describe("a call under way", () => {
  test.each(callLaws)("$says (law $law)", ({ check }) => check(subject));
});

describe("withConnectionCheck", () => {
  test.each(connectionCheckLaws)("$says (law $law)", ({ check }) => check(subject));
});

describe("decorators", () => {
  test.each(decoratorLaws)("$says (law $law)", ({ check }) => check(subject));
});
