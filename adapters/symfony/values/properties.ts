import { latinTextOf } from "../php-text/byte-strings.ts";
import { entriesOf } from "../php-text/entries-of.ts";
import type { PhpKey, PhpNode } from "../php-text/nodes.ts";

/** The properties of an object, or the members of an array, by name. Of several with the same name, PHP keeps the last. */
export class Properties {
  readonly #node: PhpNode;
  readonly #values = new Map<string, PhpNode>();
  readonly #valuesByPlainName = new Map<string, PhpNode>();

  constructor(node: PhpNode) {
    this.#node = node;
    for (const { key, value } of entriesOf(node)) {
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
