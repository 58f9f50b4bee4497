// @module-tag real-time

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ChatProcess, startChat } from "../examples/chat-process.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { launchChromium } from "./chromium.ts";
import { openPerson, type Person } from "./person.ts";

vi.setConfig({ testTimeout: 180_000 }); // each step may take a minute

let browser: Browser;
let server: RedisServer;

beforeAll(async () => {
  browser = await launchChromium();
  server = await startRedis();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const secret = "the secret of this test, which is long enough";
const stores: [name: string, environment: () => Record<string, string>][] = [
  ["memory", () => ({ SESSION_SECRET: secret })],
  ["Redis", () => ({ SESSION_SECRET: secret, SESSION_STORE: server.url })],
];

/** Nothing was written where errors are, on either side. */
function expectNoComplaints(chat: ChatProcess, ...people: Person[]): void {
  expect(people.flatMap(({ complaints }) => complaints)).toEqual([]);
  expect(chat.errors).toBe("");
}

describe.each(stores)("the chat on %s", (name, environment) => {
  test("people talk, and a name set on a socket appears on the next page", async () => {
    await using chat = await startChat(environment());
    await using ann = await openPerson(browser);
    await using bob = await openPerson(browser);
    const [annsTab, bobsTab] = [await ann.open(chat.url), await bob.open(chat.url)];
    await annsTab.signIn("Ann");
    await bobsTab.signIn("Bob");
    await annsTab.say("Hello, Bob.");
    await bobsTab.shows("Hello, Bob.");
    await bobsTab.say("<b>Hello</b>, Ann.");
    await annsTab.shows("<b>Hello</b>, Ann.");
    expect(await annsTab.messages()).toEqual(["Hello, Bob.", "<b>Hello</b>, Ann."]);
    await annsTab.rename("Zoë");
    await annsTab.shows("Your name is saved");
    await annsTab.page.reload();
    expect(await annsTab.page.textContent("#greeting")).toBe("Zoë");
    await annsTab.connected();
    await annsTab.say("It is still me.");
    await bobsTab.page.locator("#messages .head", { hasText: "Zoë" }).waitFor();
    expectNoComplaints(chat, ann, bob);
  });

  test("a notice set over HTTP appears once, although sockets read and write the session all the time", async () => {
    await using chat = await startChat(environment());
    await using ann = await openPerson(browser);
    const tab = await ann.open(chat.url);
    await tab.signIn("Ann");
    await tab.shows("Welcome, Ann.");
    await tab.page.click("#notice button");
    await tab.shows("A notice waits");
    for (const text of ["one", "two", "three"]) await tab.say(text);
    await expect.poll(() => tab.messages(), { timeout: 60_000 }).toEqual(["one", "two", "three"]);
    await tab.page.reload();
    await tab.shows("This notice is shown once.");
    await tab.page.reload();
    await tab.connected();
    expect(await tab.page.getByText("This notice is shown once.").count()).toBe(0);
    expect(await tab.page.getByText("Welcome, Ann.").count()).toBe(0);
    expectNoComplaints(chat, ann);
  });

  test("a sign-out in one tab signs out the user's other tabs, and no other user", async () => {
    await using chat = await startChat(environment());
    await using ann = await openPerson(browser);
    await using bob = await openPerson(browser);
    const first = await ann.open(chat.url);
    await first.signIn("Ann");
    const [second, third] = [await ann.open(chat.url), await ann.open(chat.url)];
    await second.connected();
    await third.connected();
    const bobsTab = await bob.open(chat.url);
    await bobsTab.signIn("Bob");
    await first.shows("no. 3");
    await first.page.click("text=Sign out");
    for (const { page } of [second, third]) {
      await page.locator("#connection[data-state=ended][data-close-code='1008']").waitFor();
      expect(await page.textContent("#connection-text")).toBe("You have been signed out.");
      expect(await page.locator("header, main, aside, form").filter({ visible: true }).count()).toBe(0);
      await page.locator("#onward:focus").waitFor();
    }
    await bobsTab.say("Is anybody here?");
    await bobsTab.shows("Is anybody here?");
    await second.page.click("#onward");
    await second.shows("Choose a name");
    expectNoComplaints(chat, ann, bob);
  });

  test("a session that expires signs out its page, without a reload", async () => {
    await using chat = await startChat({ ...environment(), IDLE_TIMEOUT_SECONDS: "6" }); // longer than signing in takes
    await using ann = await openPerson(browser);
    const tab = await ann.open(chat.url);
    await tab.signIn("Ann");
    await tab.page.locator("#connection[data-state=ended][data-close-code='1008']").waitFor();
    await tab.shows("You have been signed out.");
    expectNoComplaints(chat, ann);
  });

  test("a page notices that its server restarts, and reconnects", async () => {
    await using chat = await startChat(environment());
    await using ann = await openPerson(browser);
    const tab = await ann.open(chat.url);
    await tab.signIn("Ann");
    expect(await chat.end()).toBe(0);
    await tab.shows("Connection lost.");
    expect(await tab.page.locator("#connection").getAttribute("data-close-code")).toBe("1001");
    await using again = await startChat({ ...environment(), PORT: String(chat.port) });
    if (name === "memory") {
      await tab.shows("You have been signed out.");
    } else {
      await tab.shows("Connected again.");
      await tab.say("I am still here.");
      await tab.shows("I am still here.");
    }
    expectNoComplaints(chat, ann);
    expectNoComplaints(again);
  });
});

test("on a silently dropped connection to Redis, the chat goes on and shows how", async () => {
  await using chat = await startChat({ SESSION_SECRET: secret, SESSION_STORE: server.url });
  await using ann = await openPerson(browser);
  const tab = await ann.open(chat.url);
  await tab.signIn("Ann");
  await tab.say("In use up to now.");
  await tab.shows("In use up to now.");
  await tab.page.click("#silence button");
  await tab.say("I have silenced it.");
  await tab.page.locator("#messages", { hasText: "I have silenced it." }).waitFor();
  expect(await tab.page.locator(".toast.bad").count()).toBe(0);
  await tab.shows("connections were silenced");
  await tab.rename("Zoë");
  await tab.shows("Your name is saved");
  expect(await tab.page.textContent("#ping")).toMatch(/1 failed/);
  expect(await tab.page.textContent("#reconnection")).toMatch(/^1 reconnection, 0 failed/);
  await tab.shows(/ioredis as it comes has been waiting/);
  await tab.page.reload();
  expect(await tab.page.textContent("#greeting")).toBe("Zoë");
  expectNoComplaints(chat, ann);
});

test("a page shows that the store does not answer, and nobody is signed out", async () => {
  await using own = await startRedis();
  await using chat = await startChat({ SESSION_SECRET: secret, SESSION_STORE: own.url });
  await using ann = await openPerson(browser);
  const tab = await ann.open(chat.url);
  await tab.signIn("Ann");
  own.freeze();
  await tab.rename("Zoë");
  await tab.shows(/Your new name (was not saved|may have been saved)/);
  await tab.page.goto(chat.url);
  await tab.shows("You are still signed in");
  own.thaw();
  await tab.page.goto(chat.url);
  await tab.connected();
  expect(await tab.page.textContent("#greeting")).toMatch(/Ann|Zoë/);
  expect(ann.complaints).toEqual([]);
});
