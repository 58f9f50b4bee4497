import type { ConformanceCase } from "sessionwire/testing";
import { afterAll, describe, expect, test } from "vitest";
import { redisChannelCases, redisChannelLaws } from "../channel/redis-laws.ts";
import type { Law } from "../laws/law.ts";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { memcachedCases, memcachedLaws } from "../memcached/laws.ts";
import { redisCases, redisLaws } from "../redis/laws.ts";
import { startUpstash } from "../servers/upstash-server.ts";
import { type UpstashSubject, upstashLaws } from "../upstash/laws.ts";
import { createBundles } from "./bundles.ts";
import { type Case, isAbout, isCaught } from "./cases.ts";
import { brokenBy, quotedMutants } from "./quoted.ts";

ignoreUnhandledRejections();

describeStore("redis", redisLaws, redisCases, /^adapters\/redis(?!\/channel)/);
describeStore("redis", redisChannelLaws, redisChannelCases, /^adapters\/redis\/channel/);
describeStore("memcached", memcachedLaws, memcachedCases);
describeStore("upstash", upstashLaws, (subject: UpstashSubject) =>
  upstashLaws.map(({ law, says, check }) => ({
    name: says,
    law,
    async run() {
      // A server of its own: what a broken version leaves behind must not reach another one.
      await using server = await startUpstash();
      await check({ ...subject, server });
    },
  })),
);

/** Tries all mutants of one adapter, on the cases that find them. */
function describeStore<Subject>(
  store: string,
  laws: readonly Pick<Law<Subject>, "law" | "says">[],
  casesOn: (subject: Subject) => readonly (Case & Pick<ConformanceCase, "skipped">)[],
  files = new RegExp(`^adapters/${store}`),
): void {
  describe(`a broken version of ${files.source} is caught by a case of the law that it breaks:`, async () => {
    const mutants = (await quotedMutants(files)).filter(({ needs }) => needs === undefined);
    const bundles = createBundles(store);
    afterAll(() => bundles[Symbol.dispose]());

    test.each(mutants)("$file: $bug ($breaks)", async (mutant) => {
      const cases = casesOn(await bundles.load<Subject>(brokenBy(mutant)));
      const limitMs = 8000;
      expect(
        await isCaught(
          mutant,
          cases.filter(({ skipped }) => skipped === undefined),
          limitMs,
        ),
      ).toBe(true);
    });

    test("there is one for each law that applies only to this store", () => {
      const names = laws.map(({ law, says }) => ({ law, name: says }));
      expect(names.filter((each) => !mutants.some(({ breaks }) => isAbout(each, breaks)))).toEqual([]);
    });
  });
}
