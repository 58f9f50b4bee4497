// @module-tag real-time

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startSymfonyChat } from "../examples/symfony-process.ts";
import { startRedis } from "../servers/redis-server.ts";
import { launchChromium } from "./chromium.ts";
import { openPerson } from "./person.ts";

vi.setConfig({ testTimeout: 180_000 }); // each step may take a minute

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Long enough for a machine that is busy, and a third of what it takes to look at all sessions anyway. */
const atOnce = { timeout: 10_000 };
const announcesEnds = ["--notify-keyspace-events", "Egxe"];

test("who signs in to Symfony chats on Node, is greeted by PHP with the name set there, and loses the socket by signing out", async () => {
  await using redis = await startRedis({ args: announcesEnds });
  await using chat = await startSymfonyChat({ SESSION_STORE: redis.url });
  await using ann = await openPerson(browser);
  await using bob = await openPerson(browser);
  const [annsPage, bobsPage] = [(await ann.open(chat.url)).page, (await bob.open(chat.url)).page];
  await signIn(annsPage, "ann");
  await signIn(bobsPage, "bob");
  expect(await annsPage.textContent("#greeting")).toBe("ann");

  await say(annsPage, "Hello, <b>Bob</b>.");
  await bobsPage.locator("#messages li", { hasText: "ann Hello, <b>Bob</b>." }).waitFor();
  await rename(annsPage, "Zoë <3 🦊");
  await say(annsPage, "It is me.");
  await bobsPage.locator("#messages li", { hasText: "Zoë <3 🦊 It is me." }).waitFor();
  await annsPage.reload();
  expect(await annsPage.textContent("#greeting")).toBe("Zoë <3 🦊");
  await connected(annsPage);

  const second = (await ann.open(chat.url)).page;
  await connected(second);
  await second.click("text=Sign out");
  await second.getByText("Sign in to Symfony").waitFor();
  await signedOut(annsPage, atOnce);
  await say(bobsPage, "Is anybody here?");
  await bobsPage.locator("#messages li", { hasText: "bob Is anybody here?" }).waitFor();
  expect([...ann.complaints, ...bob.complaints, chat.errors]).toEqual([""]);
});

test("a sign-out closes the socket at the next look into a Redis that announces nothing", async () => {
  await using redis = await startRedis();
  await using chat = await startSymfonyChat({ SESSION_STORE: redis.url });
  await using ann = await openPerson(browser);
  const { page } = await ann.open(chat.url);
  await signIn(page, "ann");
  const second = (await ann.open(chat.url)).page;
  await second.click("text=Sign out");
  await signedOut(page);
  expect(ann.complaints).toEqual([]);
  expect(chat.errors).toContain("notify-keyspace-events");
});

test("nobody gets a socket without having signed in", async () => {
  await using redis = await startRedis({ args: announcesEnds });
  await using chat = await startSymfonyChat({ SESSION_STORE: redis.url });
  await using ann = await openPerson(browser);
  const { page } = await ann.open(chat.url);
  await page.getByText("Sign in to Symfony").waitFor();
  const port = /on port (\d+)/.exec(chat.output)?.[1];
  const isOpened = await page.evaluate(`new Promise((resolve) => {
    const socket = new WebSocket("ws://localhost:${port}/chat");
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
  })`);
  expect(isOpened).toBe(false);
});

async function signIn(page: Page, name: string): Promise<void> {
  await page.fill("input[name=_username]", name);
  await page.fill("input[name=_password]", name);
  await page.click("button");
  await connected(page);
}

function connected(page: Page): Promise<void> {
  return page.locator("#connection[data-state=open]").waitFor();
}

/** Resolves when the socket was closed because its session has ended. */
async function signedOut(page: Page, within = {}): Promise<void> {
  await page.locator("#connection[data-state=ended][data-close-code='1008']").waitFor(within);
  expect(await page.locator("main").isVisible()).toBe(false);
}

async function say(page: Page, text: string): Promise<void> {
  await page.fill("#say input", text);
  await page.click("#say button");
}

async function rename(page: Page, name: string): Promise<void> {
  await page.fill("#rename input", name);
  await page.click("#rename button");
  await page.getByText("Your name is saved").waitFor();
}
