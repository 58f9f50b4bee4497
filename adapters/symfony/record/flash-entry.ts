import { type FlashEntry, isJsonObject, type Json } from "sessionwire/backend";
import { ByteSink } from "../php-text/byte-sink.ts";
import type { PhpNode } from "../php-text/nodes.ts";
import { writeValue } from "../php-text/writer.ts";
import { isPhpValue, nodeIn } from "../values/php-value.ts";

/** Creates a message. It has no id in PHP, so equal messages are the same message. */
export function createFlashEntry(value: Json): FlashEntry {
  return { id: textOf(value), value };
}

/** Returns a text by which equal messages are found, whichever reads they come from. */
function textOf(value: Json): string {
  if (isPhpValue(value)) return phpTextOf(nodeIn(value));
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${textOf(member)}`)}}`;
}

/** Numbers count from the value itself, because those of the session move when something else changes. */
function phpTextOf(root: PhpNode): string {
  const sink = new ByteSink();
  writeValue(root, sink, (node) => {
    if (node.kind !== "same-object" && node.kind !== "reference") return false;
    sink.ascii(`${node.kind}:${node.target - root.slot};`);
    return true;
  });
  return Array.from(sink.take(), (byte) => String.fromCharCode(byte)).join("");
}
