import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Mistake } from "../explain.ts";

const run = promisify(execFile);

/** Prints the packages of Debian that PHP lacks. */
const listMissing = `
  foreach ([
    'php-redis' => extension_loaded('redis'),
    'php-symfony-framework-bundle' => @include_once 'Symfony/Bundle/FrameworkBundle/autoload.php',
    'php-symfony-security-bundle' => @include_once 'Symfony/Bundle/SecurityBundle/autoload.php',
  ] as $package => $isThere) if (!$isThere) echo $package, ' ';`;

/** Throws a `Mistake` with the line to type if this machine lacks something. */
export async function checkRequirements({ needsRedis }: { readonly needsRedis: boolean }): Promise<void> {
  const missing = [...(needsRedis ? await missingForRedis() : []), ...(await missingForPhp())];
  if (missing.length === 0) return;
  throw new Mistake(
    "This example needs Redis, and PHP with Symfony. On Debian and Ubuntu, install what is missing with:\n" +
      `  sudo apt-get install ${missing.join(" ")}`,
  );
}

async function missingForRedis(): Promise<string[]> {
  const version = await run("redis-server", ["--version"]).catch(() => undefined);
  return version === undefined ? ["redis-server"] : [];
}

async function missingForPhp(): Promise<string[]> {
  const answer = await run("php", ["-r", listMissing]).catch(() => undefined);
  if (answer !== undefined) return answer.stdout.split(" ").filter((name) => name !== "");
  return ["php-cli", "php-redis", "php-symfony-framework-bundle", "php-symfony-security-bundle"];
}
