import { randomUUID } from "node:crypto";
import { showHealing, showSilence } from "./silence.ts";
import type { Store } from "./store.ts";
import { Writer } from "./writer.ts";

/** Plays the scene that is shown if nobody types anything. */
export async function playDemo(store: Store): Promise<void> {
  const id = randomUUID();
  const page = new Writer(store.handler);
  const socket = new Writer(store.handler);

  title("A session is created, read and updated");
  say('page    set "hello"', await page.set(id, "hello"));
  say("page    get", await page.get(id));
  say('page    set "hello, world"', await page.set(id, "hello, world"));
  say("page    touch", await page.touch(id));

  title("Two writers have seen the same version; the second one loses and overwrites nothing");
  say("socket  get", await socket.get(id));
  say('page    set "from the page"', await page.set(id, "from the page"));
  say('socket  set "from the socket"', await socket.set(id, "from the socket"));
  say('socket  set "from both"', await socket.set(id, "from both"));

  title("A session that has ended stays ended");
  say("page    destroy", await page.destroy(id));
  say('socket  set "too late"', await socket.set(id, "too late"));

  title("A connection goes silent");
  await showSilence(store);
  if (store.network) await showHealing(store);
}

function title(text: string): void {
  console.log(`\n${text}`);
}

function say(who: string, what: string): void {
  console.log(`  ${who.padEnd(32)}${what}`);
}
