import type { Interface } from "node:readline";
import { explain, isExpected, Mistake } from "../explain.ts";
import { showHealing, showSilence } from "./silence.ts";
import type { Store } from "./store.ts";
import { Writer } from "./writer.ts";

export const commandList = "set <id> <text> · get <id> · touch <id> · destroy <id> · silence · heal · quit";

/** Executes the lines that are typed or piped in, and returns the number of commands and of failures. */
export async function runCommands(lines: Interface, store: Store): Promise<{ count: number; failed: number }> {
  const writer = new Writer(store.handler);
  const isTyped = process.stdin.isTTY;
  let count = 0;
  let failed = 0;
  if (isTyped) lines.prompt();
  for await (const line of lines) {
    const words = line.trim();
    if (words === "quit") break;
    if (words !== "") {
      count += 1;
      if (!isTyped) console.log(`> ${words}`);
      if (!(await succeeds(() => runCommand(words, store, writer)))) failed += 1;
    }
    if (isTyped) lines.prompt();
  }
  return { count, failed };
}

async function runCommand(words: string, store: Store, writer: Writer): Promise<void> {
  const [, command = "", id = "", text = ""] = /^(\S+)\s*(\S*)\s*(.*)$/.exec(words) ?? [];
  switch (command) {
    case "set":
      return console.log(await writer.set(given("id", id), given("text", text)));
    case "get":
      return console.log(await writer.get(given("id", id)));
    case "touch":
      return console.log(await writer.touch(given("id", id)));
    case "destroy":
      return console.log(await writer.destroy(given("id", id)));
    case "silence":
      return showSilence(store);
    case "heal":
      return showHealing(store);
    default:
      throw new Mistake(`There is no command "${command}". There are: ${commandList}`);
  }
}

function given(what: string, value: string): string {
  if (value === "") throw new Mistake(`The ${what} is missing. The commands are: ${commandList}`);
  return value;
}

async function succeeds(run: () => Promise<void>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (!isExpected(error)) throw error;
    console.error(explain(error));
    return false;
  }
}
