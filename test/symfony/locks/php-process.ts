import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PhpLockStyle } from "sessionwire/symfony";
import { phpBinary } from "../../servers/php.ts";

/** How many times PHP could not open or save the session, and its warnings. */
export interface PhpReport {
  readonly failed: number;
  readonly warnings: readonly string[];
}

/** A process of PHP that uses one session with a handler that locks. */
export interface PhpProcess extends Disposable {
  /** The next line that it says. */
  nextLine(): Promise<string>;
  /** Lets one that holds the session go on. */
  goOn(): void;
  /** What it reports at its end. */
  report(): Promise<PhpReport>;
}

export interface PhpTask {
  readonly style: PhpLockStyle;
  readonly port: number;
  readonly id: string;
  /** Holds the session until it is told to go on; otherwise counts this many times. */
  readonly mode: "hold" | number;
}

export function startPhp({ style, port, id, mode }: PhpTask): PhpProcess {
  const script = join(import.meta.dirname, "locked-session.php");
  const args = mode === "hold" ? ["hold"] : ["count", `${mode}`];
  const child: ChildProcess = spawn(phpBinary(), [script, style, `${port}`, id, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (!child.stdout) throw new Error("PHP has no output.");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => String((await lines.next()).value);
  return {
    nextLine,
    goOn: () => void child.stdin?.end("\n"),
    async report() {
      const report: PhpReport = JSON.parse(await nextLine());
      if (child.exitCode === null) await once(child, "exit");
      return report;
    },
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}
