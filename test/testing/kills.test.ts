import { describeKills } from "sessionwire/testing/properties";
import { describe, expect, test } from "vitest";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { contracts } from "./contracts.ts";

/** `npm run kills` takes 20. */
const seeds = Array.from({ length: Number(process.env.KILL_SEEDS ?? 2) }, (_, index) => index + 1);

describe("every mutant is found, whatever the seed, by", () => {
  ignoreUnhandledRejections();

  test.each(Object.entries(contracts))(
    "%s, which names the bug",
    async (_, { laws, kills: table }) => {
      const kills = await table({ seeds });
      if (seeds.length > 2) console.info(describeKills(kills));
      expect(kills.filter(({ found }) => found < seeds.length)).toEqual([]);
      // For each law there is one that is named as what it is: without the check of that law, it would not be.
      const named = new Set(kills.filter(({ law, foundLaw }) => law === foundLaw).map(({ law }) => law));
      expect(laws.filter((law) => !named.has(law))).toEqual([]);
      expect(kills.filter(({ foundLaw }) => foundLaw === undefined || !laws.includes(foundLaw))).toEqual([]);
    },
    7_200_000,
  );

  test("laws of all kinds", () => {
    const mutants = Object.values(contracts).flatMap((each) => each.mutants);
    expect(mutants.length).toBeGreaterThanOrEqual(266);
    expect(new Set(mutants.map(({ law }) => law)).size).toBeGreaterThan(60);
  });
});
