import { afterAll, beforeAll, expect, test } from "vitest";
import { type Installation, installAlone, program } from "./installation.ts";

let installation: Installation;
beforeAll(() => {
  installation = installAlone();
});
afterAll(() => installation[Symbol.dispose]());

/** What comes of a URL where no client is installed. */
function keep(url: string): Promise<string> {
  return installation.run("--input-type", "module", "--eval", program, url);
}

test.each([
  ["redis://127.0.0.1:1", "ioredis"],
  ["redis+sentinel://127.0.0.1:1/main", "ioredis"],
  ["redis+cluster://127.0.0.1:1", "ioredis"],
  ["memcached://127.0.0.1:1", "memjs"],
])("without its client, %s says what to install", async (url, client) => {
  expect(await keep(url)).toBe(`TypeError: This store needs the package ${client}: npm install ${client}`);
});

test.each([
  ["memory:", "kept"],
  ["upstash+https://token@127.0.0.1:1", "SessionError: The request to Upstash failed."],
])("%s needs no client", async (url, said) => {
  expect(await keep(url)).toBe(said);
});
