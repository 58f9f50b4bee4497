import { join } from "node:path";
import type { PhpLockStyle } from "sessionwire/symfony";
import { startPhpDialogue } from "../php-dialogue.ts";

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
  const php = startPhpDialogue(script, style, `${port}`, id, ...args);
  return {
    nextLine: () => php.nextLine(),
    goOn: () => php.end(""),
    async report() {
      const report: PhpReport = JSON.parse(await php.nextLine());
      await php.untilEnd();
      return report;
    },
    [Symbol.dispose]: () => php[Symbol.dispose](),
  };
}
