import type { PhpEntry, PhpKey, PhpNode, PhpString } from "../php-text/nodes.ts";

/** Returns the names of properties or the keys of members, each once. */
export function namesIn(node: PhpNode): string[] {
  const name = node.kind === "object" ? plainNameOf : nameOf;
  return [...new Set(membersOf(node).map(({ key }) => name(key)))];
}

/** Returns the value of a property or member; of several with the same name, PHP keeps the last. */
export function valueAt(node: PhpNode, name: string, className: string | undefined): PhpNode | undefined {
  const members = membersOf(node);
  const at = (key: string) => members.findLast((member) => nameOf(member.key) === key)?.value;
  if (node.kind !== "object") return className === undefined ? at(name) : undefined;
  if (className !== undefined) return at(privateName(className, name));
  const own = at(name) ?? at(`\0*\0${name}`) ?? at(privateName(latinTextOf(node.className), name));
  return own ?? members.findLast(({ key }) => plainNameOf(key) === name)?.value;
}

/** Returns a string of PHP as text: bytes that are not UTF-8 are read as Latin-1, so that different ones stay different. */
export function latinTextOf(text: PhpString): string {
  return typeof text === "string" ? text : Array.from(text, (byte) => String.fromCharCode(byte)).join("");
}

function membersOf(node: PhpNode): readonly PhpEntry[] {
  if (node.kind === "object") return node.properties;
  return node.kind === "array" ? node.entries : [];
}

function nameOf(key: PhpKey): string {
  return typeof key === "number" || typeof key === "bigint" ? String(key) : latinTextOf(key);
}

/** Leaves out what PHP puts before the name of a property that is not public. */
function plainNameOf(key: PhpKey): string {
  const name = nameOf(key);
  return name.startsWith("\0") ? name.slice(name.indexOf("\0", 1) + 1) : name;
}

function privateName(className: string, name: string): string {
  return `\0${className}\0${name}`;
}
