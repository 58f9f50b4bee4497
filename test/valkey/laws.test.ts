// @module-tag real-time

import { createRedisHandler } from "sessionwire/redis";
import { defineCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { backends } from "../conformance/backends.ts";
import { casesOf } from "../conformance/cases.ts";
import { describeConformance } from "../conformance/conformance.ts";
import { redisLaws } from "../redis/laws.ts";
import { useValkey } from "../servers/valkey-binary.ts";

const version = useValkey();
console.info(`Valkey: ${version}`);

describeConformance("Redis", { ...backends.Redis, isVariant: true });
defineCases("on a real Valkey", casesOf(redisLaws, { createRedisHandler }), { describe, it: test });

describe("the behaviour that depends on how it compares", async () => {
  await import("../redis/means.test.ts");
});
