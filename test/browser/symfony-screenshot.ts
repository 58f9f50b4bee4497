import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { startSymfonyChat } from "../examples/symfony-process.ts";
import { launchChromium } from "./chromium.ts";
import { openPerson } from "./person.ts";

// Takes the picture of the page about Symfony: npm run screenshot

const path = fileURLToPath(new URL("../../examples/symfony/screenshot.png", import.meta.url));
const browser = await launchChromium();
await using chat = await startSymfonyChat();
const [ann, bob] = [await openPerson(browser), await openPerson(browser)];
const [annsPage, bobsPage] = [(await ann.open(chat.url)).page, (await bob.open(chat.url)).page];
await signIn(annsPage, "ann");
await signIn(bobsPage, "bob");
await annsPage.fill("#rename input", "Ann from Aarau");
await annsPage.click("#rename button");
await annsPage.getByText("Your name is saved").waitFor();
await annsPage.reload();
await annsPage.locator("#connection[data-state=open]").waitFor();
await talk(bobsPage, "Symfony has signed me in, and Node knows me.");
await talk(annsPage, "I set my name on the socket, and Symfony greets me by it.");
await annsPage.setViewportSize({ width: 760, height: 520 });
await annsPage.screenshot({ path, animations: "disabled" });
await browser.close();
console.log(path);

async function signIn(page: Page, name: string): Promise<void> {
  await page.fill("input[name=_username]", name);
  await page.fill("input[name=_password]", name);
  await page.click("button");
  await page.locator("#connection[data-state=open]").waitFor();
}

async function talk(page: Page, text: string): Promise<void> {
  await page.fill("#say input", text);
  await page.click("#say button");
  await annsPage.locator("#messages li", { hasText: text }).waitFor();
}
