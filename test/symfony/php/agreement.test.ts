import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { readSession, readValue } from "../../../adapters/symfony/php-text/reader.ts";
import type { PhpSerializer } from "../../../adapters/symfony/php-text/session.ts";
import { encodeSession } from "../../../adapters/symfony/php-text/session-writer.ts";
import { serialize } from "../../../adapters/symfony/php-text/writer.ts";
import { type Described, type DescribedMembers, describedValue, sessionMembers } from "../descriptions.ts";
import { describeSession, describeValue } from "../meaning.ts";
import { entriesOf, nodeOf } from "../nodes-of.ts";
import { startOracle } from "../oracle.ts";
import { withoutPositions } from "../without-positions.ts";

const oracle = startOracle();
afterAll(() => oracle[Symbol.asyncDispose]());

const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const runs = Number(process.env.FC_RUNS ?? 1500);
const batchSize = 50;
console.info(`Seed of the values about which PHP is asked: ${seed} (FC_SEED, FC_RUNS)`);

const known = { hasHiddenSlots: false };

describe.each(["php", "php_binary", "php_serialize"] as const)("random sessions by the serializer %s", (serializer) => {
  test("have the same bytes in PHP and here, and the same meaning", { timeout: 120_000 }, async () => {
    await agrees(sessionMembers(serializer), (members) => agreesOnSession(members, serializer));
  });
});

test("random values have the same bytes in PHP and here, and the same meaning", { timeout: 120_000 }, async () => {
  await agrees(describedValue, agreesOnValue);
});

/** Asks PHP about many at once, because a question takes longer than its answer. */
async function agrees<T>(values: fc.Arbitrary<T>, check: (value: T) => Promise<void>): Promise<void> {
  const batch = fc.array(values, { minLength: batchSize, maxLength: batchSize });
  const property = fc.asyncProperty(batch, async (batch) => void (await Promise.all(batch.map(check))));
  await fc.assert(property, { seed, numRuns: runs / batchSize });
}

async function agreesOnSession(members: DescribedMembers, serializer: PhpSerializer): Promise<void> {
  const { bytes = new Uint8Array() } = await oracle.encodeSession(members, serializer);
  const ours = encodeSession({ serializer, entries: entriesOf(members, serializer) });
  expect(latin1(ours)).toBe(latin1(bytes));

  const php = await oracle.decodeSession(bytes, serializer);
  expect(latin1(php.bytes)).toBe(latin1(bytes));
  const session = readSession(bytes, serializer);
  expect(JSON.stringify(describeSession(session, known))).toBe(JSON.stringify(php.value));
  const entries = session.entries.map((entry) => ({ ...entry, value: withoutPositions(entry.value) }));
  expect(latin1(encodeSession({ serializer, entries }))).toBe(latin1(bytes));
}

async function agreesOnValue(value: Described): Promise<void> {
  const { bytes = new Uint8Array() } = await oracle.serialize(value);
  expect(latin1(serialize(nodeOf(value)))).toBe(latin1(bytes));

  const php = await oracle.unserialize(bytes);
  expect(latin1(php.bytes)).toBe(latin1(bytes));
  const read = readValue(bytes);
  expect(JSON.stringify(describeValue(read, read.value, known))).toBe(JSON.stringify(php.value));
  expect(latin1(serialize(withoutPositions(read.value)))).toBe(latin1(bytes));
}

function latin1(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("latin1");
}
