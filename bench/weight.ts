import { join } from "node:path";
import { obtainPackages } from "../test/fixtures/npm-packages.ts";
import { runBench } from "./tools/bench.ts";
import { measurePackage } from "./weight/bundles.ts";
import { measureWeight, writeRecord } from "./weight/record.ts";
import { measureTarball } from "./weight/tarball.ts";

// The size of the package, and its share in the bundles of some programs, beside other packages. Without `--quick`, it records the
// figures that `test/weight.test.ts` compares with.
await runBench(async ({ report, isQuick }) => {
  const weight = await measureWeight();
  if (!isQuick) writeRecord(weight);
  const kilobytes = (...sizes: number[]) => sizes.map((bytes) => bytes / 1000);

  const peers = obtainPackages(join(import.meta.dirname, "peers"));
  const connectRedis = join(peers, "connect-redis-8");
  const expressSession = join(import.meta.dirname, "../node_modules/express-session");
  const tarballs = {
    sessionwire: weight.tarball,
    "connect-redis 8": await measureTarball(connectRedis),
    "express-session": await measureTarball(expressSession),
  };
  report.add({
    id: "weight-tarball",
    title: "The package as it is published",
    columns: ["packed kB", "unp. kB", "files"],
    rows: Object.entries(tarballs).map(([name, { packed, unpacked, files }]) => ({
      name,
      values: [...kilobytes(packed, unpacked), files],
    })),
  });

  const bundles = {
    ...weight.bundles,
    "connect-redis 8": await measurePackage("connect-redis-8", peers),
    "express-session, with what it depends on": await measurePackage("express-session"),
  };
  report.add({
    id: "weight-bundles",
    title: "Bundles without ioredis, ws and express-session",
    columns: ["min. kB", "gzip kB", "later gz"],
    rows: Object.entries(bundles).map(([name, { minified, gzipped, later }]) => ({
      name,
      values: kilobytes(minified, gzipped, later?.gzipped ?? 0),
    })),
  });
});
