import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startRedis } from "./servers/redis-server.ts";

const readme = await readFile(join(import.meta.dirname, "../README.md"), "utf8");
const programs = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, program = ""]) => program);

/** Below the tests, so that the programs find the package by its name. */
async function run(program: string): Promise<string> {
  const directory = await mkdtemp(join(import.meta.dirname, ".readme-"));
  try {
    const file = join(directory, "program.ts");
    await writeFile(file, program);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--import", "tsx", file], {
      timeout: 20_000,
    });
    return stdout + stderr;
  } finally {
    await rm(directory, { recursive: true });
  }
}

test("the README has two programs", () => {
  expect(programs).toHaveLength(2);
});

test("the first program of the README runs, ends, and does what it says", async () => {
  await using server = await startRedis();
  const monitor = await server.monitor();
  expect(programs[0]).toContain("redis://localhost");
  expect(await run(programs[0]?.replace("redis://localhost", server.url) ?? "")).toBe("");
  await monitor.caughtUp();
  expect(monitor.commands.map(([name]) => name?.toUpperCase())).toEqual(
    expect.arrayContaining(["EVALSHA", "GETEX", "DEL"]),
  );
  expect(await server.command("DBSIZE")).toBe(0);
  monitor.stop();
});

test("the handler that the README writes runs", async () => {
  const program = `${programs[1]}
const first = await handler.read("a");
console.log(first?.data.join(), (await handler.write("a", new Uint8Array(), { replaces: undefined, ttlSeconds: 1 })).written);
console.log((await handler.destroy("a")).destroyed, (await handler.destroy("a")).destroyed);`;
  expect(await run(program)).toBe("1,2,3 false\ntrue false\n");
});
