import { afterAll, expect, test } from "vitest";
import { createRandom } from "../../../adapters/testing/random.ts";
import { textFixtures } from "../fixtures.ts";
import { excessiveTexts, largeTexts } from "../hostile-claims.ts";
import { mutate, type NextNumber } from "../mutants.ts";
import { startOracle } from "../oracle.ts";
import { type Comparison, compareVerdicts } from "../php-verdict.ts";

const oracle = startOracle();
afterAll(() => oracle[Symbol.asyncDispose]());

const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const mutations = Number(process.env.MUTATED_TEXTS ?? 25_000);
console.info(`Seed of the mutated bytes: ${seed} (FC_SEED, MUTATED_TEXTS)`);

type TextFixture = (typeof textFixtures)[number];

/** The sessions of which every byte can be tried. The others differ from them in size only. */
const small = textFixtures.filter(({ session }) => session.length < 8000);

test("every truncation is refused by PHP and here, or has the same meaning", { timeout: 120_000 }, async () => {
  const tally = new Tally();
  for (const fixture of small) {
    const lengths = Array.from(fixture.session, (_, length) => length);
    await tally.add(
      lengths.map((length) => [`up to ${length}`, fixture, fixture.session.subarray(0, length)] as const),
    );
  }
  expect(tally.differences.slice(0, 5)).toEqual([]);
  tally.print("truncations");
});

test("every mutant is refused by PHP and here, or has the same meaning", { timeout: 300_000 }, async () => {
  const tally = new Tally();
  const random = createRandom(seed);
  const next = (below: number) => Math.floor(random() * below);
  for (let done = 0; done < mutations; done += 500) {
    await tally.add(Array.from({ length: 500 }, () => mutantOf(small[next(small.length)] as TextFixture, next)));
  }
  expect(tally.differences.slice(0, 5)).toEqual([]);
  tally.print("mutations");
});

function mutantOf(fixture: TextFixture, next: NextNumber): Case {
  const bytes = mutate(fixture.session, next);
  return [JSON.stringify(Buffer.from(bytes).toString("latin1").slice(0, 500)), fixture, bytes];
}

type Case = readonly [what: string, fixture: TextFixture, bytes: Uint8Array];

test.each(Object.entries({ ...excessiveTexts(100_000), ...largeTexts(100_000) }))("%s: PHP agrees", async (_, text) => {
  const comparison = await compareVerdicts(Buffer.from(text, "latin1"), "php", oracle, { describes: false });
  expect(comparison).not.toContain("DIFFERENT");
});

test("the name of a class may have the bytes that PHP allows", async () => {
  const fixture: TextFixture = { ...(small[0] as TextFixture), serializer: "php" };
  const names = Array.from({ length: 256 }, (_, byte) => [byte, [byte], [0x41, byte], [0x41, byte, 0x42]] as const);
  const tally = new Tally();
  for (const [byte, ...each] of names) {
    await tally.add(each.map((name) => [`byte ${byte}`, fixture, sessionWithClass(Uint8Array.from(name))] as const));
  }
  expect(tally.differences).toEqual([]);
});

function sessionWithClass(name: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`a|O:${name.length}:"`), name, Buffer.from('":0:{}')]);
}

/** Counts how verdicts compare. */
class Tally {
  readonly differences: string[] = [];
  readonly #counts = new Map<Comparison, number>();

  async add(cases: readonly Case[]): Promise<void> {
    await Promise.all(
      cases.map(async ([what, { name, serializer }, bytes]) => {
        const comparison = await compareVerdicts(bytes, serializer, oracle);
        this.#counts.set(comparison, (this.#counts.get(comparison) ?? 0) + 1);
        if (comparison.startsWith("DIFFERENT")) this.differences.push(`${name}, ${what}: ${comparison}`);
      }),
    );
  }

  print(what: string): void {
    console.info(what, Object.fromEntries(this.#counts));
  }
}
