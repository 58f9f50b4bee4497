import { join } from "node:path";
import type { HandlerOptions, SessionHandler } from "sessionwire";
import { createVirtualClock, defineCases, handlerCases, rejects } from "sessionwire/testing";
import { checkContract, overlappingContract, sequentialContract } from "sessionwire/testing/properties";
import { afterAll, describe, expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";
import { startSessionServer } from "./session-server.ts";

const programs = await programsOf("docs/own-store.md");
const folder = await writePrograms(programs);
afterAll(() => folder[Symbol.asyncDispose]());

const { createHttpHandler } = (await import(join(folder.path, "http-store.ts"))) as {
  createHttpHandler(address: string, options?: HandlerOptions): SessionHandler;
};

test("the tests of the page run, and pass", async () => {
  const output = await runProgram(join(folder.path, "table-store.test.ts"), 60_000);
  expect(output).toMatch(/^(#|ℹ) fail 0$/m);
  expect(Number(/^(?:#|ℹ) pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(30);
}, 60_000);

describe("the store over HTTP", async () => {
  const clock = createVirtualClock();
  const server = await startSessionServer(clock);
  afterAll(() => server[Symbol.asyncDispose]());
  let handlers = 0;
  const create = () => {
    handlers += 1;
    return createHttpHandler(server.address, { prefix: `${handlers}:`, timeoutMs: 20_000 }); // a thousand calls open as many connections
  };
  const createStage = () => ({ handler: create(), advance: clock.advance });
  const creation = { replaces: undefined, ttlSeconds: 60 };

  defineCases("does what every handler must do", handlerCases({ create, advance: clock.advance }), {
    describe,
    it: test,
  });

  test("behaves as a map with expiry under any sequence of calls", () =>
    checkContract(sequentialContract, createStage, { numRuns: 20 }));

  test("is linearizable under concurrent calls", () =>
    checkContract(overlappingContract, createStage, { numRuns: 20 }));

  test("does not send a call that was cancelled before", async () => {
    const before = server.requests;
    const signal = AbortSignal.abort();
    await rejects(create().write("a", new Uint8Array(1), { ...creation, signal }), "aborted", "not-applied");
    expect(server.requests).toBe(before);
  });

  test("reports the outcome of a failed change, and repeats nothing of it", async () => {
    await using down = await startSessionServer(clock);
    const handler = createHttpHandler(down.address);
    down.refuse(429, "secret-id");
    await rejects(handler.write("secret-id", new Uint8Array(1), creation), "overloaded", "not-applied");
    down.refuse(500, "secret-id");
    await rejects(handler.touch("secret-id", 60), "failed", "unknown");
    down.cutAnswers();
    await rejects(handler.write("secret-id", new Uint8Array(1), creation), "unavailable", "unknown");
    await down[Symbol.asyncDispose]();
    const error = await rejects(handler.destroy("secret-id"), "unavailable", "unknown");
    expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain("secret-id");
  });
});
