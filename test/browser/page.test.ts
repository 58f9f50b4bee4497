// @module-tag real-time

import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ChatProcess, startChat } from "../examples/chat-process.ts";
import { launchChromium } from "./chromium.ts";
import { contrastOf } from "./contrast.ts";
import { openPerson, type Person, type Tab } from "./person.ts";

vi.setConfig({ testTimeout: 180_000 }); // each step may take a minute

let browser: Browser;
let chat: ChatProcess;

beforeAll(async () => {
  [browser, chat] = await Promise.all([launchChromium(), startChat({})]);
});
afterAll(async () => {
  await browser?.close();
  await chat?.[Symbol.asyncDispose]();
});

const sizes = [
  { width: 1200, height: 800 },
  { width: 390, height: 844 },
];

async function signIn(person: Person): Promise<Tab> {
  const tab = await person.open(chat.url);
  await tab.signIn("Ann");
  return tab;
}

async function areApart(one: Locator, other: Locator): Promise<boolean> {
  const [a, b] = [await one.boundingBox(), await other.boundingBox()];
  if (!a || !b) throw new Error("An element is not there.");
  return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
}

test("messages scroll and the message field stays in view, even in a small window", async () => {
  await using ann = await openPerson(browser);
  const tab = await signIn(ann);
  for (const size of sizes) {
    await tab.page.setViewportSize(size);
    await tab.say(`In ${size.width}: ${"a long message, ".repeat(40)}`);
    await tab.shows(`In ${size.width}:`);
    await tab.page.evaluate("scrollTo(0, 0)");
    const button = await tab.page.locator("#say button").boundingBox();
    expect((button?.y ?? Infinity) + (button?.height ?? 0)).toBeLessThan(size.height);
    expect(await tab.page.evaluate("document.documentElement.scrollWidth")).toBe(size.width);
  }
  expect(ann.complaints).toEqual([]);
});

test.each(sizes)(
  "in a window of $width pixels, a notice covers neither the panel nor the message field",
  async (size) => {
    await using ann = await openPerson(browser);
    const tab = await signIn(ann);
    await tab.page.setViewportSize(size);
    await tab.page.evaluate("document.forms.rename.elements.name.maxLength = 99");
    await tab.rename("x".repeat(41));
    const notice = tab.page.locator(".toast.bad");
    await notice.waitFor();
    for (const part of ["aside", "#log", "#say", "header"])
      expect(await areApart(notice, tab.page.locator(part))).toBe(true);
  },
);

test("the message field has the focus: on the first page, after a message, and after a click on the button", async () => {
  await using ann = await openPerson(browser);
  const tab = await ann.open(chat.url);
  await tab.page.locator("input[name=name]:focus").waitFor();
  await tab.signIn("Ann");
  const field = tab.page.locator("#say input:focus");
  await field.waitFor();
  await tab.page.keyboard.type("one");
  await tab.page.keyboard.press("Enter");
  await tab.shows("one");
  await field.waitFor();
  await tab.say("two");
  await tab.shows("two");
  await field.waitFor();
});

test("refused messages return to the field, in order and before the text being typed", async () => {
  await using ann = await openPerson(browser);
  const tab = await signIn(ann);
  await tab.shows("Open sockets");
  const words = Array.from({ length: 20 }, (_, place) => `no${place}`);
  await tab.page.evaluate(`
    for (const word of ${JSON.stringify(words)}) {
      document.forms.say.elements.text.value = word;
      document.forms.say.requestSubmit();
    }
    document.forms.say.elements.text.value = "typed";
  `);
  await tab.page.locator("#unsent:empty").waitFor({ state: "attached" });
  const field = (await tab.page.inputValue("#say input")).split(" ");
  const sent = await tab.messages();
  expect(field.at(-1)).toBe("typed");
  expect(field.length).toBeGreaterThan(2);
  expect(field.slice(0, -1)).toEqual(words.filter((word) => !sent.includes(word)));
});

test.each(["light", "dark"] as const)(
  "placeholders have a contrast of at least 4.5 on a %s page",
  async (colorScheme) => {
    await using ann = await openPerson(browser);
    const tab = await signIn(ann);
    await tab.page.emulateMedia({ colorScheme });
    const [color, opacity, background] = await tab.page.evaluate<[string, string, string]>(`(() => {
      const field = document.querySelector("#say input");
      const { color, opacity } = getComputedStyle(field, "::placeholder");
      return [color, opacity, getComputedStyle(field).backgroundColor];
    })()`);
    expect(opacity).toBe("1");
    expect(contrastOf(color, background)).toBeGreaterThanOrEqual(4.5);
  },
);
