import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
/** The package as it is installed, in a place from where no client is found. */
const home = mkdtempSync(join(tmpdir(), "sessionwire-alone-"));

beforeAll(() => {
  for (const part of ["dist", "package.json"]) {
    cpSync(join(root, part), join(home, "node_modules/sessionwire", part), { recursive: true });
  }
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What comes of a URL there: `"open"`, or the name and message of the error. */
async function open(url: string): Promise<string> {
  const script = `
    import { createSessionHandler } from "sessionwire/url";
    const said = await createSessionHandler(${JSON.stringify(url)}).then(() => "open", (error) => String(error));
    process.stdout.write(said);`;
  const args = ["--input-type", "module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: home });
  return stdout;
}

test.each([
  ["redis://127.0.0.1:1", "ioredis"],
  ["redis+sentinel://127.0.0.1:1/main", "ioredis"],
  ["redis+cluster://127.0.0.1:1", "ioredis"],
  ["memcached://127.0.0.1:1", "memjs"],
  ["upstash+https://token@127.0.0.1:1", "@upstash/redis"],
])("without its client, %s says what to install", async (url, client) => {
  expect(await open(url)).toBe(`TypeError: This store needs the package ${client}: npm install ${client}`);
});

test("memory needs no client", async () => {
  expect(await open("memory:")).toBe("open");
});
