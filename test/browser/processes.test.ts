// @module-tag real-time

import { randomUUID } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ChatProcess, failToStartChat, startChat } from "../examples/chat-process.ts";
import { startRedisCluster } from "../servers/redis-cluster.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { launchChromium } from "./chromium.ts";
import { openPerson, type Person, type Tab } from "./person.ts";

vi.setConfig({ testTimeout: 180_000 }); // each step may take a minute

let browser: Browser;
let server: RedisServer;
let chat: ChatProcess;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startRedis()]);
  chat = await startChat({ SESSION_STORE: server.url }, ["--processes", "2"]);
});
afterAll(async () => {
  await browser?.close();
  await chat?.[Symbol.asyncDispose]();
  await server?.stop();
});

/** Long enough for a machine that is busy, and a third of what it takes to look at all sessions anyway. */
const atOnce = { timeout: 10_000 };

/** A tab of somebody who has signed in, on a socket of one process: connections go to one and the other in turn. */
async function openOn(process: number, person: Person, { url }: ChatProcess): Promise<Tab> {
  const tab = await person.open(url);
  return moveTo(process, tab);
}

async function moveTo(process: number, tab: Tab): Promise<Tab> {
  await tab.connected();
  const shown = tab.page.locator("#socket-process", { hasText: /^\d+$/ });
  for (let count = 0; (await shown.textContent()) !== String(process); count += 1) {
    if (count === 20) throw new Error(`No connection goes to process ${process}.`);
    await tab.page.reload();
    await tab.connected();
  }
  return tab;
}

async function startOnCluster(): Promise<AsyncDisposable & { readonly chat: ChatProcess }> {
  const cluster = await startRedisCluster();
  const nodes = cluster.startupNodes.map(({ host, port }) => `${host}:${port}`).join();
  const own = await startChat({ SESSION_STORE: `redis+cluster://${nodes}` }, ["--processes", "2"]);
  return {
    chat: own,
    async [Symbol.asyncDispose]() {
      await own.end();
      await cluster.stop();
    },
  };
}

test("people see each other's messages, whichever process they are connected to", async () => {
  await using ann = await openPerson(browser);
  await using bob = await openPerson(browser);
  const [annsTab, bobsTab] = [await ann.open(chat.url), await bob.open(chat.url)];
  await annsTab.signIn("Ann");
  await bobsTab.signIn("Bob");
  await moveTo(1, annsTab);
  await moveTo(2, bobsTab);
  await annsTab.say("Hello from one.");
  await bobsTab.shows("Hello from one.");
  await bobsTab.say("Hello from two.");
  await annsTab.shows("Hello from two.");
  expect(await annsTab.messages()).toEqual(await bobsTab.messages());
  await annsTab.rename("Zoë");
  await bobsTab.page.locator("#people", { hasText: "Zoë" }).waitFor();
  await (await ann.open(chat.url)).shows("Hello, Zoë");
  expect([...ann.complaints, ...bob.complaints, chat.errors]).toEqual([""]);
});

test.each(["Redis", "a Redis Cluster"])(
  "on %s, a sign-out closes the sockets of both processes at once",
  async (name) => {
    await using ann = await openPerson(browser);
    await using bob = await openPerson(browser);
    await using onCluster = name === "Redis" ? undefined : await startOnCluster();
    const served = onCluster?.chat ?? chat;
    const tab = await ann.open(served.url);
    await tab.signIn("Ann");
    const others = [await openOn(1, ann, served), await openOn(2, ann, served)];
    const bobsTab = await bob.open(served.url);
    await bobsTab.signIn("Bob");
    await tab.shows(/no\. \d+ in process 1/);
    await tab.shows(/no\. \d+ in process 2/);
    await tab.page.click("text=Sign out");
    for (const { page } of others)
      await page.locator("#connection[data-state=ended][data-close-code='1008']").waitFor(atOnce);
    await bobsTab.say("Is anybody here?");
    await bobsTab.shows("Is anybody here?");
    expect([...ann.complaints, ...bob.complaints, served.errors]).toEqual([""]);
  },
);

test("a person sees the own sessions in all browsers, and ends them from either process", async () => {
  await using laptop = await openPerson(browser);
  await using phone = await openPerson(browser);
  await using tablet = await openPerson(browser);
  await using stranger = await openPerson(browser);
  const people = [laptop, phone, tablet, stranger];
  const password = randomUUID(); // another user each time that the test is run
  const tabs = [];
  for (const person of people) {
    const tab = await person.open(chat.url);
    await tab.signIn("Ann", person === stranger ? "another" : password);
    tabs.push(tab);
  }
  const [laptopsTab, phonesTab, tabletsTab, strangersTab] = tabs as [Tab, Tab, Tab, Tab];
  await moveTo(1, laptopsTab);
  await moveTo(2, phonesTab);
  await moveTo(2, tabletsTab);
  const sessions = laptopsTab.page.locator("#sessions li");
  await sessions.nth(2).waitFor();
  expect(await sessions.count()).toBe(3);
  expect(await sessions.filter({ hasText: "this browser" }).count()).toBe(1);
  await sessions.getByRole("button").first().click(); // the phone has signed in before the tablet
  await phonesTab.page.locator("#connection[data-state=ended][data-close-code='1008']").waitFor(atOnce);
  await sessions.nth(2).waitFor({ state: "detached" });
  await tabletsTab.connected();
  await laptopsTab.page.click("text=End all others");
  await tabletsTab.page.locator("#connection[data-state=ended][data-close-code='1008']").waitFor(atOnce);
  await phonesTab.page.reload();
  await phonesTab.shows("Choose a name");
  for (const tab of [laptopsTab, strangersTab]) {
    await tab.page.reload();
    await tab.connected();
  }
  expect([...people.flatMap(({ complaints }) => complaints), chat.errors]).toEqual([""]);
});

test.each([1, 2])("process %i goes on after its connections to Redis were silently dropped", async (process) => {
  await using ann = await openPerson(browser);
  const tab = await ann.open(chat.url);
  await tab.signIn("Ann");
  await moveTo(process, tab);
  await tab.page.click("#silence button");
  await tab.shows("connections were silenced");
  await tab.say(`Silent in ${process}.`);
  await tab.page.locator("#messages", { hasText: `Silent in ${process}.` }).waitFor();
  await tab.page.locator("#ping", { hasText: "1 failed" }).waitFor();
  expect([...ann.complaints, chat.errors]).toEqual([""]);
});

test("the program ends well", async () => {
  await using ending = await startChat({ SESSION_STORE: server.url }, ["--processes", "2"]);
  await using ann = await openPerson(browser);
  const tab = await ann.open(ending.url);
  await tab.signIn("Ann");
  expect(await ending.end()).toBe(0);
  await tab.page.locator("#connection[data-close-code='1001']").waitFor();
  expect(ending.errors).toBe("");
});

test.each<[string, Record<string, string>, string[]]>([
  ["without Redis", {}, ["--processes", "2"]],
  ["that are none", {}, ["--processes", "none"]],
  ["by another option", {}, ["--process", "2"]],
  ["on a Redis that is not there", { SESSION_STORE: "redis://127.0.0.1:1" }, ["--processes", "2"]],
])("the program says in one sentence that it cannot start processes %s", async (_, environment, args) => {
  const { exitCode, errors } = await failToStartChat(environment, args);
  expect(exitCode).toBe(1);
  expect(errors).toMatch(/^\S.*\n$/);
});
