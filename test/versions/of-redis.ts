import { createRedisHandler } from "sessionwire/redis";
import { defineCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { backends } from "../conformance/backends.ts";
import { casesOf } from "../conformance/cases.ts";
import { describeConformance } from "../conformance/conformance.ts";
import { redisLaws } from "../redis/laws.ts";
import { expectOnPage } from "./expect-on-page.ts";
import { useVersion, type versions } from "./servers.ts";

const topologies = ["Redis", "Redis Cluster", "Redis Sentinel"] as const;

/** Defines tests that hold one version of Redis, or of what calls itself compatible, to all that depends on the server. */
export function testVersionOfRedis(version: (typeof versions)["redis" | "valkey"]): void {
  const found = useVersion(version);

  for (const name of topologies) describeConformance(name, backends[name]);

  describe("other behaviour that depends on the server", async () => {
    defineCases("laws", casesOf(redisLaws, { createRedisHandler }), { describe, it: test });
    // These define their tests when they are imported, and start their servers then or later.
    await import("../redis/networked.test.ts");
    await import("../redis/urls.test.ts");
    await import("../redis/refusals.test.ts");
    await import("../redis/expiry.test.ts");
    await import("../redis/list.test.ts");
    await import("../redis/secrets.test.ts");
    await import("../redis/cluster-slots.test.ts");
  });

  expectOnPage({ name: version.name, version: found, groups: topologies });
}
