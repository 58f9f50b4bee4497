import { ByteSink, bytesOf, isShortAscii } from "./byte-sink.ts";
import { floatText } from "./floats.ts";
import { arrayKey } from "./keys.ts";
import type { PhpEntry, PhpKey, PhpNode, PhpString } from "./nodes.ts";

/** Writes a node and returns `true`, or returns `false` to have it written as PHP does. */
export type NodeWriter = (node: PhpNode, sink: ByteSink) => boolean;

/** Returns the bytes of a value as `serialize()` writes them. */
export function serialize(node: PhpNode): Uint8Array {
  const sink = new ByteSink();
  writeValue(node, sink);
  return sink.take();
}

/** Writes a value as `serialize()` does. `writesItself` is called for each node, outermost first. */
export function writeValue(node: PhpNode, sink: ByteSink, writesItself: NodeWriter = () => false): void {
  // An explicit stack, as the call stack may be too small for all levels of PHP.
  const open: Members[] = [];
  let next: PhpNode | undefined = node;
  do {
    const members: Members | undefined = next && !writesItself(next, sink) ? writeStart(next, sink) : undefined;
    if (members !== undefined) open.push(members);
    next = writeUpToValue(open, sink);
  } while (next !== undefined);
}

/** Members that are partly written. */
export interface Members {
  readonly entries: readonly PhpEntry[];
  readonly isArray: boolean;
  written: number;
}

/** Ends completed values, writes the key of the next member and returns its value. */
function writeUpToValue(open: Members[], sink: ByteSink): PhpNode | undefined {
  for (let innermost = open.at(-1); innermost !== undefined; innermost = open.at(-1)) {
    const entry = innermost.entries[innermost.written];
    if (entry !== undefined) {
      innermost.written += 1;
      writeKey(entry.key, innermost.isArray, sink);
      return entry.value;
    }
    sink.ascii("}");
    open.pop();
  }
  return undefined;
}

/** Writes the key of an array member or the name of a property. */
export function writeKey(key: PhpKey, isArray: boolean, sink: ByteSink): void {
  const kept = isArray && typeof key === "string" ? arrayKey(key) : key;
  if (typeof kept === "number" || typeof kept === "bigint") sink.ascii(`i:${kept};`);
  else writeString(kept, sink);
}

/** Writes a value: in full if it has no members, otherwise up to its first member. */
export function writeStart(node: PhpNode, sink: ByteSink): Members | undefined {
  switch (node.kind) {
    case "null":
      return sink.ascii("N;");
    case "boolean":
      return sink.ascii(node.value ? "b:1;" : "b:0;");
    case "integer":
      return sink.ascii(`i:${node.value};`);
    case "float":
      return sink.ascii(`d:${floatText(node.value)};`);
    case "string":
      return writeString(node.value, sink);
    case "array":
      sink.ascii(`a:${node.entries.length}:{`);
      return { entries: node.entries, isArray: true, written: 0 };
    case "object":
      writeQuoted("O", node.className, sink);
      sink.ascii(`:${node.properties.length}:{`);
      return { entries: node.properties, isArray: false, written: 0 };
    case "serializable":
      return writeSerializable(node.className, node.payload, sink);
    case "enum":
      return writeEnum(node.className, node.caseName, sink);
    case "same-object":
      return sink.ascii(`r:${node.target};`);
    case "reference":
      return sink.ascii(`R:${node.target};`);
  }
}

function writeSerializable(className: PhpString, payload: Uint8Array, sink: ByteSink): undefined {
  writeQuoted("C", className, sink);
  sink.ascii(`:${payload.length}:{`);
  sink.bytes(payload);
  sink.ascii("}");
}

function writeEnum(className: PhpString, caseName: PhpString, sink: ByteSink): undefined {
  const [name, of] = [bytesOf(caseName), bytesOf(className)];
  sink.ascii(`E:${of.length + 1 + name.length}:"`);
  sink.bytes(of);
  sink.ascii(":");
  sink.bytes(name);
  sink.ascii('";');
}

function writeString(text: PhpString, sink: ByteSink): undefined {
  writeQuoted("s", text, sink);
  sink.ascii(";");
}

/** Writes the length in bytes, and the bytes in quotation marks. */
function writeQuoted(letter: string, text: PhpString, sink: ByteSink): undefined {
  if (typeof text === "string" && isShortAscii(text)) return sink.ascii(`${letter}:${text.length}:"${text}"`);
  const bytes = bytesOf(text);
  sink.ascii(`${letter}:${bytes.length}:"`);
  sink.bytes(bytes);
  sink.ascii('"');
}
