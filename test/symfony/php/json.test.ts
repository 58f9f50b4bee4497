import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { serialize } from "../../../adapters/symfony/php-text/writer.ts";
import { nodeOf } from "../../../adapters/symfony/values/fresh-nodes.ts";
import { startOracle } from "../oracle.ts";

const oracle = startOracle();
afterAll(() => oracle[Symbol.asyncDispose]());

const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const runs = Number(process.env.FC_RUNS ?? 5000);
console.info(`Seed of the JSON about which PHP is asked: ${seed} (FC_SEED, FC_RUNS)`);

const names = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 4 }),
  fc.bigInt({ min: -(2n ** 63n) - 2n, max: 2n ** 63n + 1n }).map(String),
  fc.constantFrom("0", "-0", "00", "1.0", " 1", "+1", "1e1", "9223372036854775807", "9223372036854775808"),
);
const numbers = fc.oneof(
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !isLargeInteger(number)),
  fc.constantFrom(-0, 0.1, 1e-5, 1e-7, 123_456_789.123_456_79, 1e20, 1.5e300, 5e-324),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom(null, true, false),
    numbers,
    fc.string({ unit: "binary", maxLength: 8 }).filter((text) => text.isWellFormed()),
    fc.array(tie("json"), { maxLength: 6 }),
    fc.dictionary(names, tie("json"), { maxKeys: 6 }),
  ),
}));

function isLargeInteger(number: number): boolean {
  return Math.abs(number) > Number.MAX_SAFE_INTEGER && Math.abs(number) <= 2 ** 63;
}

describe("plain data is stored as PHP stores the same JSON:", () => {
  test("whatever it is", { timeout: 120_000 }, async () => {
    const batch = fc.array(json, { minLength: 50, maxLength: 50 });
    const property = fc.asyncProperty(batch, (values) => Promise.all(values.map(agrees)).then(() => undefined));
    await fc.assert(property, { seed, numRuns: runs / 50 });
  });

  test("only an integer beyond 2^53 is a float here, as it reads back as a number", async () => {
    const number = 2 ** 53;
    expect(latin1((await oracle.serializeJson(String(number))).bytes)).toBe("i:9007199254740992;");
    expect(latin1(serialize(nodeOf(number)))).toBe("d:9007199254740992;");
  });
});

async function agrees(value: unknown): Promise<void> {
  const { bytes } = await oracle.serializeJson(JSON.stringify(value));
  expect(latin1(serialize(nodeOf(value)))).toBe(latin1(bytes));
}

function latin1(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("latin1");
}
