import { createGuardedHandler, SessionError, withConnectionCheck, withTimeout } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { describe, test } from "vitest";
import { callLaws } from "./call-laws.ts";
import { connectionCheckLaws } from "./connection-check-laws.ts";
import { decoratorLaws } from "./decorator-laws.ts";
import type { Subject } from "./law.ts";
import { leavingLaws } from "./leaving-laws.ts";

const subject: Subject = { createGuardedHandler, SessionError, withConnectionCheck, withTimeout, createMemoryHandler };

describe("a call under way", () => {
  for (const { law, says, check } of callLaws) test(`${says} (law ${law})`, () => check(subject));
});

describe("withConnectionCheck", () => {
  for (const { law, says, check } of connectionCheckLaws) test(`${says} (law ${law})`, () => check(subject));
});

describe("a caller that leaves", () => {
  for (const { law, says, check } of leavingLaws) test(`${says} (law ${law})`, () => check(subject));
});

describe("decorators", () => {
  for (const { law, says, check } of decoratorLaws) test(`${says} (law ${law})`, () => check(subject));
});
