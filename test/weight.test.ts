import { expect, test } from "vitest";
import { grown, measureWeight, readRecord } from "../bench/weight/record.ts";

test("no size is more than a tenth above its record, which `npm run bench -- weight` writes", {
  timeout: 120_000,
}, async () => {
  expect(grown(await measureWeight(), readRecord())).toEqual([]);
});

test("a size that is more than a tenth above its record is named, and so is one without a record", () => {
  const tarball = { packed: 100, unpacked: 500, files: 10 };
  const record = { tarball, bundles: { "the core": { minified: 100, gzipped: 40 } } };
  expect(grown({ ...record, tarball: { ...tarball, packed: 110 } }, record)).toEqual([]);
  expect(grown({ ...record, tarball: { ...tarball, packed: 112 } }, record)).toEqual([
    "tarball, packed: 112, recorded 100",
  ]);
  expect(grown({ ...record, bundles: { "the core": { minified: 100, gzipped: 45 } } }, record)).toEqual([
    "the core, gzipped: 45, recorded 40",
  ]);
  const more = { ...record.bundles, more: { minified: 1, gzipped: 1 } };
  expect(grown({ ...record, bundles: more }, record)).toHaveLength(2);
});
