import type { PhpEntry, PhpKey, PhpNode, PhpString } from "../php-text/nodes.ts";

/** The properties of an object, or the members of an array, by name. Of several with the same name, PHP keeps the last. */
export class Properties {
  readonly #node: PhpNode;
  readonly #values = new Map<string, PhpNode>();
  readonly #valuesByPlainName = new Map<string, PhpNode>();

  constructor(node: PhpNode) {
    this.#node = node;
    for (const { key, value } of membersOf(node)) {
      const name = nameOf(key);
      this.#values.set(name, value);
      this.#valuesByPlainName.set(node.kind === "object" ? plainNameOf(name) : name, value);
    }
  }

  /** The names of properties or the keys of members, each once. */
  get names(): string[] {
    return [...this.#valuesByPlainName.keys()];
  }

  /** Returns the value of a property or member. */
  at(name: string, className: string | undefined): PhpNode | undefined {
    const node = this.#node;
    if (node.kind !== "object") return className === undefined ? this.#values.get(name) : undefined;
    if (className !== undefined) return this.#values.get(privateName(className, name));
    const own = [name, `\0*\0${name}`, privateName(latinTextOf(node.className), name)].find((key) =>
      this.#values.has(key),
    );
    return own === undefined ? this.#valuesByPlainName.get(name) : this.#values.get(own);
  }
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
function plainNameOf(name: string): string {
  return name.startsWith("\0") ? name.slice(name.indexOf("\0", 1) + 1) : name;
}

function privateName(className: string, name: string): string {
  return `\0${className}\0${name}`;
}
