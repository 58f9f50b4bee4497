import { afterAll, expect, test } from "vitest";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { createBundles } from "../mutants/bundles.ts";
import { isCaught } from "../mutants/cases.ts";
import { brokenBy, quotedMutants } from "../mutants/quoted.ts";
import type { RedisSubject } from "../redis/laws.ts";
import { useValkey } from "../servers/valkey-binary.ts";
import { valkeyCases } from "./cases.ts";

useValkey();
ignoreUnhandledRejections();

const bundles = createBundles("redis");
afterAll(() => bundles[Symbol.dispose]());

const mutants = (await quotedMutants(/^adapters\/redis/)).filter(({ needs }) => needs === "Valkey");

test.each(mutants)("a broken version is caught: $file: $bug", async (mutant) => {
  const cases = valkeyCases(await bundles.load<RedisSubject>(brokenBy(mutant)));
  expect(await isCaught(mutant, cases, 8000)).toBe(true);
});
