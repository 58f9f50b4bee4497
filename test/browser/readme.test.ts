// @module-tag real-time

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { programsOf, writePrograms } from "../docs/markdown-programs.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { launchChromium } from "./chromium.ts";

vi.setConfig({ testTimeout: 180_000 }); // each step may take a minute

let browser: Browser;
let redis: RedisServer;

beforeAll(async () => {
  [browser, redis] = await Promise.all([launchChromium(), startRedis()]);
});
afterAll(async () => {
  await browser?.close();
  await redis?.stop();
});

test("the page of the README shows the name that a socket has set, after a reload too, and a sign-out in another tab", async () => {
  await using folder = await writePrograms([{ name: "server.mts", text: await programOnRedis() }]);
  mkdirSync(join(folder.path, "public"));
  writeFileSync(join(folder.path, "public/index.html"), pageOfReadme());
  await using server = await start(folder.path);
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.goto(server.url);
  await shows(tab, "stranger");
  await tab.fill("input", "<b>Zoë</b>");
  await tab.press("input", "Enter");
  await shows(tab, "<b>Zoë</b>");
  await tab.reload();
  await shows(tab, "<b>Zoë</b>");
  const other = await context.newPage();
  await other.goto(server.url);
  await shows(other, "<b>Zoë</b>");
  await other.click("button");
  await shows(tab, "stranger");
  await context.close();
  expect(server.errors()).toBe("");
});

/** Returns the program on a Redis and a port of its own. */
async function programOnRedis(): Promise<string> {
  const [, program] = await programsOf("README.md");
  const text = (program?.text ?? "")
    .replace("redis://localhost", redis.url)
    .replace("app.listen(3000)", "app.listen(0, () => console.log(JSON.stringify(server.address())))")
    .replace('["http://localhost:3000"]', '(origin) => origin.startsWith("http://localhost:")');
  for (const place of [redis.url, "listen(0", "startsWith"]) expect(text).toContain(place);
  return text;
}

function pageOfReadme(): string {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  const [, page = ""] = /```html\n(.*?)```/s.exec(readme) ?? [];
  expect(page).not.toBe("");
  return page;
}

async function start(cwd: string): Promise<AsyncDisposable & { readonly url: string; errors(): string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "server.mts"], { cwd, stdio: "pipe" });
  let errors = "";
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const [line] = await Promise.race([once(child.stdout, "data"), exitOf(child).then(() => [])]);
  if (line === undefined) throw new Error(`The program has not started: ${errors}`);
  return {
    url: `http://localhost:${JSON.parse(String(line)).port}`,
    errors: () => errors,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exitOf(child);
    },
  };
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

async function shows(page: Page, heading: string): Promise<void> {
  await page.waitForFunction(`document.querySelector("h1").textContent === ${JSON.stringify(heading)}`);
}
