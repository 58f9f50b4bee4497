import { type FlashEntry, isJsonObject, type Json } from "sessionwire/backend";
import { ByteSink } from "../php-text/byte-sink.ts";
import { latinTextOf } from "../php-text/byte-strings.ts";
import type { PhpNode } from "../php-text/nodes.ts";
import { writeValue } from "../php-text/writer.ts";
import { isPhpValue, nodeIn } from "../values/php-value.ts";

/** Creates a message. Messages of PHP have no ids, so equal ones are the same message. */
export function createFlashEntry(value: Json): FlashEntry {
  return { id: textOf(value), value };
}

/** Returns a text that is the same for equal messages, also of different reads. */
function textOf(value: Json): string {
  if (isPhpValue(value)) return phpTextOf(nodeIn(value));
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${textOf(member)}`)}}`;
}

/** References are relative to the value, because their numbers in the session change with other values. */
function phpTextOf(root: PhpNode): string {
  const sink = new ByteSink();
  writeValue(root, sink, (node) => {
    if (node.kind !== "same-object" && node.kind !== "reference") return false;
    sink.ascii(`${node.kind}:${node.target - root.slot};`);
    return true;
  });
  return latinTextOf(sink.take());
}
