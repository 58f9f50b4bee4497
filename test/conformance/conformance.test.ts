import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { memcachedBinary } from "../servers/memcached-binary.ts";
import { redisServerCommand } from "../servers/redis-binary.ts";
import { expectOnPage, isOfItsName, type TestedServer } from "../versions/expect-on-page.ts";
import { versionOf } from "../versions/version-of.ts";
import { backends, type Traits } from "./backends.ts";
import { describeConformance } from "./conformance.ts";

expectNoEscapes();

for (const [name, entry] of Object.entries(backends)) describeConformance(name, entry);

/** Which the other machines need not have. */
const ofDebian12: readonly TestedServer[] = [
  {
    name: "Redis 7 of Debian 12",
    version: versionOf(redisServerCommand()),
    groups: ["Redis", "Redis Cluster", "Redis Sentinel"],
  },
  {
    name: "Memcached 1.6 of Debian 12",
    version: versionOf({ command: memcachedBinary() }),
    groups: ["Memcached", "Memcached, 3 servers", undefined],
  },
];
for (const server of ofDebian12) {
  if (isOfItsName(server)) expectOnPage(server);
  else
    console.info(`This machine has ${server.version} in place of ${server.name}; docs/runtimes.md says nothing of it.`);
}

test("docs/stores.md lists the limitations of the backends", () => {
  const page = readFileSync(new URL("../../docs/stores.md", import.meta.url), "utf8");
  const rows = Object.entries(backends).map(([name, { traits }]) => row(name, traits));
  console.info(rows.join("\n"));
  for (const each of rows) expect(page).toContain(each);
});

function row(name: string, { lists, expiry, loses }: Traits): string {
  return `| ${name} | ${expiry} | ${loses} | ${lists ? "yes" : "no"} |`;
}
