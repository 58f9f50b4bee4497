import { createInterface } from "node:readline";
import { allAreas, run } from "./areas.ts";
import type { StoreLink } from "./stores.ts";

// Executed by each runtime, after it was bundled. It says what comes of it in lines of JSON, and asks by some of them for something,
// whereupon it waits for a line.

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const link: StoreLink = {
  sources: JSON.parse(process.env.STORES ?? ""),
  async ask(request) {
    say({ request });
    await answers.next();
  },
};

say({ version: versionOf(process.versions) });
for await (const result of run(allAreas(link))) say({ result });
say({ isDone: true });

/** Of Bun or Deno, if it is one of them: both say which Node.js they stand for as well. */
function versionOf({ bun, deno, node }: NodeJS.ProcessVersions): string {
  return bun ?? deno ?? node;
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
