import { createVirtualClock, defineCases, type HandlerHarness, handlerCases } from "sessionwire/testing";
import { checkContract, overlappingContract, sequentialContract } from "sessionwire/testing/properties";
import initSqlJs from "sql.js";
import { describe, expect, it } from "vitest";
import { createSqliteHandler } from "./sqlite-handler.ts";

const { Database } = await initSqlJs();

const clock = createVirtualClock();
const harness: HandlerHarness = {
  create: () => createSqliteHandler(new Database(), { clock }),
  advance: clock.advance,
};

// The duties of every handler, case by case …
defineCases("sessions in SQLite", handlerCases(harness), { describe, it });

// … and in every combination.
describe("sessions in SQLite, whatever happens", () => {
  const createStage = () => {
    const clock = createVirtualClock();
    return { handler: createSqliteHandler(new Database(), { clock }), advance: clock.advance };
  };

  it("behave as on a map with expiry", () => checkContract(sequentialContract, createStage, { numRuns: 300 }));
  it("can be explained, whoever comes between", () =>
    checkContract(overlappingContract, createStage, { numRuns: 300 }));

  it("and a handler that forgets one thing is found out", async () => {
    const forgetful = () => {
      const stage = createStage();
      const { handler } = stage;
      const touch = async (id: string, ttlSeconds: number) => (await handler.touch(id, ttlSeconds)) || true;
      return { ...stage, handler: { ...handler, touch } };
    };
    await expect(checkContract(sequentialContract, forgetful)).rejects.toMatchObject({
      law: 13,
      story: expect.stringMatching(/^touch\(/),
    });
  });
});
