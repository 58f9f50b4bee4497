// @module-tag real-time

import { createMemcachedHandler } from "sessionwire/memcached";
import { defineCases } from "sessionwire/testing";
import { describe, test } from "vitest";
import { backends } from "../conformance/backends.ts";
import { casesOf } from "../conformance/cases.ts";
import { describeConformance } from "../conformance/conformance.ts";
import { memcachedLaws } from "../memcached/laws.ts";
import { expectOnPage } from "./expect-on-page.ts";
import { useVersion, versions } from "./servers.ts";

const { name } = versions.memcached;
const version = useVersion(versions.memcached);
const sets = ["Memcached", "Memcached, 3 servers"] as const;

for (const set of sets) describeConformance(set, backends[set]);

describe("other behaviour that depends on the server", async () => {
  defineCases("laws", casesOf(memcachedLaws, { createMemcachedHandler }), { describe, it: test });
  await import("../memcached/networked.test.ts");
  await import("../memcached/limits.test.ts");
  await import("../memcached/sasl.test.ts");
  await import("../memcached/restart.test.ts");
  await import("../memcached/expiry.test.ts");
});

expectOnPage({ name, version, groups: [...sets, undefined] });
