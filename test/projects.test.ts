import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { bin, runTests } from "./processes/test-runner.ts";

const root = join(import.meta.dirname, "..");

test("every test file runs in exactly one project", async () => {
  const { output } = await runTests([
    ...[bin("vitest/vitest.mjs"), "list", "--config", "test/vitest.config.ts"],
    ...["--filesOnly", "--json"],
  ]);
  const listed: { readonly file: string }[] = JSON.parse(output);
  const files = ["test", "examples"].flatMap(testFilesIn).sort();
  expect(files).toContain("test/projects.test.ts");
  expect(listed.map(({ file }) => relative(root, file)).sort()).toEqual(files);
}, 60_000);

function testFilesIn(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".test.ts")).map((name) => join(folder, name));
}
