import { fileURLToPath } from "node:url";
import { startChat } from "../examples/chat-process.ts";
import { startRedis } from "../servers/redis-server.ts";
import { launchChromium } from "./chromium.ts";
import { openPerson, type Tab } from "./person.ts";

// Takes the picture of the README: npm run screenshot

const path = fileURLToPath(new URL("../../examples/chat/screenshot.png", import.meta.url));
const browser = await launchChromium();
await using server = await startRedis();
await using chat = await startChat({ SESSION_STORE: server.url }, ["--processes", "2"]);
const phone = "Mozilla/5.0 (Android 16; Mobile; rv:152.0) Gecko/152.0 Firefox/152.0";
const [ann, annsPhone, bob] = [
  await openPerson(browser),
  await openPerson(browser, { userAgent: phone }),
  await openPerson(browser),
];
const [annsTab, bobsTab] = [await ann.open(chat.url), await bob.open(chat.url)];
await annsTab.signIn("Ann", "of Ann");
await (await annsPhone.open(chat.url)).signIn("Ann", "of Ann");
await bobsTab.signIn("Bob");
await (await ann.open(chat.url)).connected();

await talk(annsTab, "Hello Bob! I have this page open in two tabs.");
await bobsTab.rename("Bob from Basel");
await bobsTab.shows("Your name is saved");
await talk(bobsTab, "I have changed my name on the socket: the next page will greet me by it.");
await annsTab.page.click("#silence button");
await annsTab.shows("connections were silenced");
await talk(annsTab, "I have silenced the connection to Redis.");
await talk(bobsTab, "I have not noticed anything.");
await talk(annsTab, "It took a second: the check has found out, and made a new connection.");
await annsTab.page.setViewportSize({ width: 1200, height: 1260 });
await annsTab.page.evaluate("document.querySelector('aside').scrollTo(0, 0)");
await annsTab.page.screenshot({ path, animations: "disabled" });
await browser.close();
console.log(path);

async function talk(tab: Tab, text: string): Promise<void> {
  await tab.say(text);
  await annsTab.page.locator("#messages", { hasText: text }).waitFor();
}
