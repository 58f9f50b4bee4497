import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { phpBinary } from "../servers/php.ts";

/** A process of PHP that reads lines and writes lines. */
export interface PhpDialogue extends Disposable {
  /** Sends a line, and returns the next one that PHP writes. */
  ask(line: string): Promise<string>;
  /** Sends the last line. */
  end(line: string): void;
  /** Returns the next line that PHP writes. */
  nextLine(): Promise<string>;
  /** Resolves when the process has ended. */
  untilEnd(): Promise<void>;
}

/** Starts a script with arguments. */
export function startPhpDialogue(script: string, ...args: readonly string[]): PhpDialogue {
  const child = spawn(phpBinary(), [script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const nextLine = async () => String((await lines.next()).value);
  return {
    nextLine,
    ask(line) {
      child.stdin.write(`${line}\n`);
      return nextLine();
    },
    end: (line) => void child.stdin.end(`${line}\n`),
    async untilEnd() {
      if (child.exitCode === null) await once(child, "exit");
    },
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}
