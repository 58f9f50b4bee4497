import { inspect } from "node:util";
import { areas } from "./areas.ts";

// Executed by each runtime, after it was bundled; says what comes of it in lines of JSON.

say({ version: versionOf(process.versions) });
for (const [area, cases] of Object.entries(areas)) {
  for (const { name, run } of cases) {
    const failure = await run().then(
      () => undefined,
      (error: unknown) => inspect(error),
    );
    say({ area, name, failure });
  }
}

/** Of Bun or Deno, if it is one of them: both say which Node.js they stand for as well. */
function versionOf({ bun, deno, node }: NodeJS.ProcessVersions): string {
  return bun ?? deno ?? node;
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
