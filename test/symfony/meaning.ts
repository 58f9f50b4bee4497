import type { PhpEntry, PhpKey, PhpNode, PhpString } from "../../adapters/symfony/php-text/nodes.ts";
import type { PhpSession, PhpText } from "../../adapters/symfony/php-text/session.ts";

export type KeyMeaning = { readonly int: string } | { readonly str: string } | { readonly strb64: string };

/** A value as PHP describes it. */
export type PhpMeaning = { readonly ref?: number } & (
  | { readonly t: "null" }
  | { readonly t: "bool"; readonly v: boolean }
  | { readonly t: "int"; readonly v: string }
  | { readonly t: "float"; readonly hex: string }
  | { readonly t: "string"; readonly v: string }
  | { readonly t: "string"; readonly b64: string }
  | { readonly t: "array"; readonly items: readonly (readonly [KeyMeaning, PhpMeaning])[] }
  | ObjectMeaning
  | { readonly t: "enum"; readonly class: string; readonly case: string }
  | { readonly t: "sameobject"; readonly id: number }
  | { readonly t: "sameref"; readonly ref: number }
);

interface ObjectMeaning {
  readonly t: "object";
  readonly id: number;
  readonly class: string;
  /** `O`, `O/__serialize` or `C`. */
  readonly form: string;
  readonly props?: readonly PropertyMeaning[];
  readonly state?: PhpMeaning;
}

interface PropertyMeaning {
  readonly name: string;
  readonly vis: "public" | "protected" | "private";
  readonly of?: string;
  readonly value: PhpMeaning;
}

/** A description in which a text and the PHP that has read it agree: objects and references are numbered as they are met. */
export type Description = readonly unknown[];

/** Describes what PHP has read. */
export function describeMeaning(meaning: PhpMeaning): Description {
  const objects = new Map<number, number>();
  const hasSerializable = JSON.stringify(meaning).includes('"form":"C"');
  return describe(meaning);

  function describe(value: PhpMeaning): Description {
    const described = withoutReference(value);
    return value.ref === undefined || value.t === "sameref" ? described : ["variable", value.ref, described];
  }

  function withoutReference(value: PhpMeaning): Description {
    switch (value.t) {
      case "null":
        return ["null"];
      case "bool":
        return ["boolean", value.v];
      case "int":
        return ["integer", value.v];
      case "float":
        return ["float", Number.isNaN(numberOf(value.hex)) ? "nan" : value.hex];
      case "string":
        return "v" in value ? ["string", value.v] : ["bytes", value.b64];
      case "array":
        return ["array", lastOfEach(value.items.map(([key, item]) => [describeKey(key), describe(item)]))];
      case "object":
        return describeObject(value);
      case "enum":
        return ["enum", value.class, value.case];
      case "sameobject":
        return ["same object", hasSerializable ? "one" : objects.get(value.id)];
      case "sameref":
        return ["same variable", value.ref];
    }
  }

  function describeObject(value: ObjectMeaning): Description {
    objects.set(value.id, objects.size);
    const head = ["object", value.class];
    if (value.form === "C") return head;
    if (value.state?.t === "array") {
      return [...head, value.state.items.map(([key, item]) => [describePropertyKey(key), describe(item)])];
    }
    return [
      ...head,
      value.props?.map((property) => [describeKey({ str: mangled(property) }), describe(property.value)]),
    ];
  }
}

function mangled({ name, vis, of }: PropertyMeaning): string {
  if (vis === "public") return name;
  return vis === "protected" ? `\0*\0${name}` : `\0${of}\0${name}`;
}

function describePropertyKey(key: KeyMeaning): string {
  return describeKey("int" in key ? { str: key.int } : key);
}

function describeKey(key: KeyMeaning): string {
  if ("int" in key) return `integer ${key.int}`;
  return "str" in key ? `string ${key.str}` : `bytes ${key.strb64}`;
}

/** Describes a session as it has been read here. */
export function describeSession(session: PhpSession, { hasHiddenSlots = true } = {}): Description {
  const { describe } = describer(session, hasHiddenSlots);
  const items = session.entries.map(({ key, value }) => [keyOf(key), describe(value)] as const);
  return ["array", lastOfEach(items)];
}

/** Describes a value as it has been read here. */
export function describeValue(text: PhpText, value: PhpNode, { hasHiddenSlots = true } = {}): Description {
  return describer(text, hasHiddenSlots).describe(value);
}

function describer({ slots, references, firstSerializable }: PhpText, hasHiddenSlots: boolean) {
  const objects = new Map<PhpNode, number>();
  const variables = new Map<number, number>();
  const targets = new Set(references.filter(({ kind }) => kind === "reference").map(({ target }) => target));
  return { describe };

  function describe(node: PhpNode): Description {
    if (node.kind === "reference") return ["same variable", variables.get(node.target)];
    if (!targets.has(node.slot)) return withoutReference(node);
    variables.set(node.slot, variables.size + 1);
    return ["variable", variables.size, withoutReference(node)];
  }

  function withoutReference(node: Exclude<PhpNode, { kind: "reference" }>): Description {
    switch (node.kind) {
      case "null":
        return ["null"];
      case "boolean":
        return ["boolean", node.value];
      case "integer":
        return ["integer", String(node.value)];
      case "float":
        return ["float", hexOf(node.value)];
      case "string":
        return typeof node.value === "string" ? ["string", node.value] : ["bytes", base64Of(node.value)];
      case "array":
        return ["array", lastOfEach(node.entries.map(describeEntry))];
      case "object":
        objects.set(node, objects.size);
        return ["object", textOrBytes(node.className), lastOfEach(node.properties.map(describeProperty))];
      case "serializable":
        objects.set(node, objects.size);
        return ["object", textOrBytes(node.className)];
      case "enum":
        return ["enum", node.className, node.caseName];
      case "same-object":
        return describeSame(node.target);
    }
  }

  function describeSame(target: number): Description {
    // Nobody else than PHP knows the numbers behind a `C:`.
    const node = slots[target];
    if (node?.kind === "enum") return withoutReference(node);
    if (firstSerializable !== undefined && hasHiddenSlots) return ["same object", "one"];
    return node?.kind === "same-object" ? describeSame(node.target) : ["same object", node && objects.get(node)];
  }

  /** An integer is the same property as its decimal form. */
  function describeProperty({ key, value }: PhpEntry): readonly [string, Description] {
    return [keyOf(key instanceof Uint8Array ? key : String(key)), describe(value)];
  }

  function describeEntry({ key, value }: PhpEntry): readonly [string, Description] {
    return [keyOf(key), describe(value)];
  }
}

/** Of members with the same key, PHP keeps the place of the first one and the value of the last one. */
function lastOfEach(members: readonly (readonly [string, Description])[]): readonly (readonly [string, Description])[] {
  return [...new Map(members)];
}

function textOrBytes(name: PhpString): string | Description {
  return typeof name === "string" ? name : ["bytes", base64Of(name)];
}

function keyOf(key: PhpKey | PhpString): string {
  if (typeof key === "string") return `string ${key}`;
  return key instanceof Uint8Array ? `bytes ${base64Of(key)}` : `integer ${key}`;
}

function numberOf(hex: string): number {
  return Buffer.from(hex, "hex").readDoubleBE();
}

function hexOf(value: number): string {
  if (Number.isNaN(value)) return "nan";
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleBE(value);
  return buffer.toString("hex");
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
