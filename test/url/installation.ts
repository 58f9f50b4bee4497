import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");

/** The package as it is installed, in a directory of its own, from where no client is found but those that are named. */
export interface Installation extends Disposable {
  readonly home: string;
  /** Runs a program there, with what `node` takes, and resolves to what it writes. */
  run(...args: string[]): Promise<string>;
}

export function installAlone(...clients: readonly string[]): Installation {
  return installBeside(join(root, "node_modules"), clients);
}

/** Likewise, with the clients from another folder `node_modules`. */
export function installBeside(modules: string, clients: readonly string[]): Installation {
  const home = mkdtempSync(join(tmpdir(), "sessionwire-alone-"));
  for (const part of ["dist", "package.json"]) {
    cpSync(join(root, part), join(home, "node_modules/sessionwire", part), { recursive: true });
  }
  for (const client of clients) {
    const link = join(home, "node_modules", client);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(modules, client), link);
  }
  return {
    home,
    async run(...args) {
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: home });
      return stdout;
    },
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** A program that says what comes of the URL that it is called with: what it has kept there, or the name and message of the error. */
export const program = `
import { createSessionHandler } from "sessionwire/url";
async function keep(url) {
  const handler = await createSessionHandler(url);
  try {
    await handler.write("id", new TextEncoder().encode("kept"), { replaces: undefined, ttlSeconds: 60 });
    return new TextDecoder().decode((await handler.read("id"))?.data);
  } finally {
    await handler.close();
  }
}
keep(process.argv.at(-1)).then((said) => process.stdout.write(said), (error) => process.stdout.write(String(error)));
`;
