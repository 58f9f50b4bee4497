import { join } from "node:path";
import type { SessionHandler } from "sessionwire";
import { createReferenceHandler, rejects } from "sessionwire/testing";
import { checkContract, transformingDecoratorContract } from "sessionwire/testing/properties";
import { afterAll, describe, expect, test } from "vitest";
import { programsOf, runProgram, writePrograms } from "./markdown-programs.ts";

const programs = await programsOf("docs/own-decorator.md");
const folder = await writePrograms(programs);
afterAll(() => folder[Symbol.asyncDispose]());

const { withLog } = (await import(join(folder.path, "log.ts"))) as {
  withLog(handler: SessionHandler, log: (line: string) => void): SessionHandler;
};
const { withCounts } = (await import(join(folder.path, "counts.ts"))) as {
  withCounts(handler: SessionHandler, counts: { answered: number; failed: number }): SessionHandler;
};
const { withChecksum } = (await import(join(folder.path, "checksum.ts"))) as {
  withChecksum(handler: SessionHandler): SessionHandler;
};

const creation = { replaces: undefined, ttlSeconds: 60 };

test("the tests of the page run, and pass", async () => {
  const output = await runProgram(join(folder.path, "decorators.test.ts"), 60_000);
  expect(output).toMatch(/^(#|ℹ) fail 0$/m);
  expect(Number(/^(?:#|ℹ) pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(150);
}, 60_000);

test("the counting decorator of the page distinguishes answers from failures", async () => {
  const counts = { answered: 0, failed: 0 };
  const inner = createReferenceHandler();
  const handler = withCounts(inner, counts);
  await handler.read("a");
  await handler.touch("a", 60);
  await inner.close();
  await rejects(handler.read("a"), "closed");
  expect(counts).toEqual({ answered: 2, failed: 1 });
});

describe("the logging decorator of the page", () => {
  test("is made in fifteen lines", () => {
    const [, body = ""] = /return decorateHandler\((.*?)\n {2}\}\);/s.exec(programs[0]?.text ?? "") ?? [];
    expect(body.split("\n").length).toBeLessThanOrEqual(15);
  });

  test("logs operations and failures, and no id", async () => {
    const lines: string[] = [];
    const handler = withLog(createReferenceHandler(), (line) => lines.push(line));
    await handler.write("secret-id", new Uint8Array(1), creation);
    await handler.close();
    await rejects(handler.read("secret-id"), "closed");
    await rejects(handler.read(""), "invalid-id");
    expect(lines).toEqual([expect.stringMatching(/^session\.write: done after \d+ ms$/)]);
  });

  test("logs the code of a failure", async () => {
    const lines: string[] = [];
    const touch = () => Promise.reject(new Error("of somebody else"));
    const handler = withLog({ ...createReferenceHandler(), touch }, (line) => lines.push(line));
    await rejects(handler.touch("secret-id", 60), "failed", "unknown");
    expect(lines).toEqual([expect.stringMatching(/^session\.touch: failed after \d+ ms$/)]);
  });
});

describe("the checking decorator of the page", () => {
  test("recognises truncated or changed bytes", () => {
    const damages: readonly ((stored: Uint8Array) => Uint8Array)[] = [
      () => new Uint8Array(),
      (stored) => stored.subarray(0, -1),
      (stored) => Uint8Array.of(...stored, 0),
      (stored) => stored.map((byte, place) => (place === 31 ? ~byte : byte)),
    ];
    return Promise.all(
      damages.map((damage) =>
        checkContract(transformingDecoratorContract, { decorate: withChecksum, damage }, { numRuns: 50 }),
      ),
    );
  });

  test("is detected when it forgets a byte", async () => {
    const decorate = (handler: SessionHandler) => withChecksum(createForgetful(handler));
    await expect(checkContract(transformingDecoratorContract, { decorate }, { numRuns: 300 })).rejects.toMatchObject({
      law: expect.any(Number),
    });
  });
});

/** It stores what it is given without the first byte. */
function createForgetful(inner: SessionHandler): SessionHandler {
  const write: SessionHandler["write"] = (id, data, options) => inner.write(id, data.subarray(1), options);
  return { ...inner, write };
}
