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

test("the README has three programs", () => {
  expect(programs).toHaveLength(3);
});

test("the first program of the README has at most 25 lines, and serves a session that a job writes to as well", async () => {
  await using server = await startRedis();
  const program = programs[0] ?? "";
  expect(program.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
  const visitor = `
await new Promise((listening) => server.once("listening", listening));
const url = "http://127.0.0.1:" + (server.address() as import("node:net").AddressInfo).port;
const first = await fetch(url);
const cookie = first.headers.getSetCookie()[0]?.split(";")[0] ?? "";
const visit = async (method: string, path: string) => (await fetch(url + path, { method, headers: { cookie } })).text();
console.log(await first.text());
let page = await visit("GET", "/");
while (!page.includes("ready")) page = await visit("GET", "/");
console.log(page.replace(/seen: 2.*Z/, "seen: a moment ago"), await visit("POST", "/sign-out"), await visit("GET", "/"));
server.close();
setTimeout(() => store.sessions.close(), 300);`;
  const started = program
    .replace("redis://localhost", server.url)
    .replace("app.listen(3000)", 'app.listen(0, "127.0.0.1")');
  expect(started).not.toBe(program);
  expect((await run(`${started}${visitor}`)).replaceAll("gone\n", "")).toBe(
    "Ann, last seen: never. \nAnn, last seen: a moment ago. Your file is ready. Bye. Ann, last seen: never. \n",
  );
});

test("the program of the README without HTTP runs, ends, and says what it is to say", async () => {
  expect(await run(programs[1] ?? "")).toBe("Ann [ 'Welcome.' ]\n");
});

test("the handler that the README writes runs", async () => {
  const program = `${programs[2]}
const first = await handler.read("a");
console.log(first?.data.join(), (await handler.write("a", new Uint8Array(), { replaces: undefined, ttlSeconds: 1 })).written);
console.log((await handler.destroy("a")).destroyed, (await handler.destroy("a")).destroyed);`;
  expect(await run(program)).toBe("1,2,3 false\ntrue false\n");
});
